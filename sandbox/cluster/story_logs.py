"""What the demo's containers write: the same lines in every run, some of them written before the container started."""

from collections.abc import Iterator

_ROUTES = ("GET /api/feed", "GET /api/streams", "POST /api/checkout", "GET /api/profile", "GET /health")
_FAULT = "TypeError: Cannot read properties of undefined (reading 'currency')"


def quiet_log(lines: int = 120) -> str:
    """Return the log of a program that is well: requests and their times, one warning."""
    return "\n".join(_quiet(lines))


def _quiet(lines: int) -> Iterator[str]:
    for at in range(lines):
        age = (lines - at) * 20
        if at == lines // 2:
            yield f"@-{age} WARN  [Redis] reconnected after 1 attempt"
        else:
            yield f"@-{age} INFO  [Http] {_ROUTES[at % 5]} 200 {18 + at * 7 % 40}ms"


def error_log(lines: int = 120) -> str:
    """Return the log of a program whose checkout fails: two lines of three are errors."""
    return "\n".join(_failing(lines))


def _failing(lines: int) -> Iterator[str]:
    for at in range(lines):
        age = (lines - at) * 2
        if at % 3 == 0:
            yield f"@-{age} INFO  [Http] {_ROUTES[at % 5]} 200 {20 + at * 7 % 40}ms"
        elif at % 3 == 1:
            yield f"@-{age} ERROR [Checkout] {_FAULT}"
        else:
            yield f"@-{age} ERROR [Http] POST /api/checkout 500 {900 + at * 13 % 400}ms"


def start_failure() -> str:
    """Return the log of a program that ends as soon as it starts."""
    return "\n".join(
        (
            "INFO  [Config] reading the environment",
            "ERROR [Config] CHECKOUT_PROVIDER_URL is not set",
            "ERROR [Bootstrap] the application could not be started",
        )
    )


def access_log(lines: int = 200) -> str:
    """Return the access log of a web server, nearly all of it successes."""
    return "\n".join(_accesses(lines))


def _accesses(lines: int) -> Iterator[str]:
    for at in range(lines):
        status = 502 if at % 67 == 66 else 200
        figures = f"{status} {500 + at * 37 % 4000} {0.01 + at * 7 % 40 / 1000:.3f}"
        yield f'@-{(lines - at) * 15} 198.51.100.{1 + at % 40} - "{_ROUTES[at % 5]} HTTP/1.1" {figures}'
