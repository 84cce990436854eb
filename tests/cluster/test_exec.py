"""Exec on the stand-in node, through the API server and the client that Opsroom uses."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cluster.hands import Hands

Write = Callable[[str, str], None]


async def executed(kubeconfig: Path, hands: Hands, *command: str) -> tuple[str, str, int]:
    """Run a command in the only pod there is; return stdout, stderr and the exit code."""
    from kubernetes import client, config, stream

    (pod,) = await hands.pods("app=backend")

    def run() -> tuple[str, str, int]:
        connection = config.new_client_from_config(str(kubeconfig))  # type: ignore[no-untyped-call]
        with connection:
            socket: Any = stream.stream(
                client.CoreV1Api(connection).connect_get_namespaced_pod_exec,
                pod["metadata"]["name"],
                hands.namespace,
                command=list(command),
                stdout=True,
                stderr=True,
                _preload_content=False,
            )
            socket.run_forever(timeout=20)
            said = socket.read_stdout(), socket.read_stderr(), socket.returncode
            socket.sock.shutdown()  # close() of either does nothing once the other side has said goodbye
            return said

    return await asyncio.to_thread(run)


async def test_exec_brings_both_streams_and_the_exit_code(kubeconfig: Path, hands: Hands, program: Write) -> None:
    program("report", 'echo "for $1"; echo "not all" >&2; exit 7')
    await hands.deploy()
    assert await executed(kubeconfig, hands, "report", "two words") == ("for two words\n", "not all\n", 7)


async def test_exec_that_succeeds_has_the_exit_code_nought(kubeconfig: Path, hands: Hands, program: Write) -> None:
    program("fine", "true")
    await hands.deploy()
    assert await executed(kubeconfig, hands, "fine") == ("", "", 0)
