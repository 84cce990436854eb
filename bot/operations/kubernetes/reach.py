"""What depends on a workload: its pods, the services that send to them, and what else sets its replicas."""

from collections.abc import Sequence

from bot.errors import TargetRefused
from bot.nearest import one_of
from bot.operations.kubernetes import pods as podlike
from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.session import Session
from bot.operations.kubernetes.worlds import counted, pod_template

_SERVICES = Resource("", "v1", "services", "Service")
_SCALERS = Resource("autoscaling", "v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler")


async def reach(session: Session, found: Sequence[tuple[Resource, Json]]) -> str:
    """Return a clause of what depends on workloads; what we may not see is left out."""
    templated = [(resource, item) for resource, item in found if pod_template(item) is not None]
    if not templated:
        return ""
    pods = {
        pod["metadata"]["uid"]
        for resource, item in templated
        if resource.plural != "cronjobs"
        for pod in await podlike.of_workload(session, item)
    }
    services = await _seen(session, _SERVICES)
    sending = [one["metadata"]["name"] for one in services if any(_selects(one, item) for _, item in templated)]
    told = [counted(len(pods), "pod")]
    if sending:
        told.append(f"service{'s' if len(sending) > 1 else ''} {one_of(sorted(sending), 'and')}")
    return ", ".join([*told, *await _scalers(session, templated)])


async def _scalers(session: Session, found: Sequence[tuple[Resource, Json]]) -> list[str]:
    targets = {(resource.kind, item["metadata"]["name"]) for resource, item in found}
    told = []
    for one in await _seen(session, _SCALERS):
        aim, spec = one["spec"]["scaleTargetRef"], one["spec"]
        if (aim["kind"], aim["name"]) in targets:
            name, least = one["metadata"]["name"], spec.get("minReplicas", 1)
            told.append(
                f"HorizontalPodAutoscaler {name} keeps {aim['name']} at {least} to {spec['maxReplicas']} replicas"
            )
    return told


async def _seen(session: Session, resource: Resource) -> list[Json]:
    try:
        return await session.objects(resource)
    except TargetRefused:
        return []


def _selects(service: Json, workload: Json) -> bool:
    wanted = service["spec"].get("selector") or {}
    labels = (pod_template(workload).get("metadata") or {}).get("labels") or {}
    return bool(wanted) and all(labels.get(key) == value for key, value in wanted.items())
