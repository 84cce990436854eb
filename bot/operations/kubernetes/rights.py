"""Whether we have a right that no dry run tries."""

from bot.operations.kubernetes.connection import Request
from bot.operations.kubernetes.faults import ClusterRefused
from bot.operations.kubernetes.session import Session

_PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


async def check_right(session: Session, verb: str, plural: str, part: str, name: str) -> None:
    """Raise TargetRefused when the server says that we may not; one that does not tell decides when it is done."""
    asked = {"namespace": session.namespace, "verb": verb, "resource": plural, "subresource": part, "name": name}
    body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview"}
    body_with = {**body, "spec": {"resourceAttributes": asked}}
    try:
        answer = await session.cluster.json(Request("POST", _PATH, body=body_with), session.until)
    except ClusterRefused:
        return
    if not answer["status"]["allowed"]:
        what = f"{plural}/{part}" if part else plural
        sentence = f"The cluster refuses: no right to {verb} {what} in namespace {session.namespace}."
        raise ClusterRefused(sentence, 403, "Forbidden")
