"""Which values fit which kind of parameter, and what people are told of those that do not."""

import pytest

from bot.runbooks.parameter_values import refusal_of
from bot.runbooks.parameters import Parameter, ParameterKind

GOOD = {
    ParameterKind.TEXT: ["anything at all"],
    ParameterKind.POD: ["web-7d9f8b6c5-x2x4q", "a"],
    ParameterKind.DEPLOYMENT: ["checkout-backend"],
    ParameterKind.NUMBER: ["42", "-1", "0.5"],
    ParameterKind.DURATION: ["30s", "1h30m"],
    ParameterKind.TIME: ["2026-11-20T10:00:00Z", "2026-11-20 10:00"],
    ParameterKind.NAME: ["deploy.yml", "20261101", "ip-10-0-0-1.internal", "idx_orders_status"],
    ParameterKind.HOST: ["api.example.com", "localhost:8080", "[::1]:80"],
    ParameterKind.SQL: ["SELECT count(*) FROM users", "with a as (select 1) select * from a"],
}
BAD = {
    ParameterKind.TEXT: [" "],
    ParameterKind.POD: ["web 1", "-web", "Web_1", "web;1", "x" * 300],
    ParameterKind.DEPLOYMENT: ["deployment/backend"],
    ParameterKind.NUMBER: ["many", "1,000", "١", "1e9"],
    ParameterKind.DURATION: ["5 minutes", "best effort", "5"],
    ParameterKind.TIME: ["yesterday", "10:00"],
    ParameterKind.NAME: ["two words", "--all", "it's"],
    ParameterKind.HOST: ["https://api.example.com/", "a b"],
    ParameterKind.SQL: ["DELETE FROM x", "SELECT 1; DROP TABLE x", "SELECT pg_terminate_backend(1)", "SELECT $x", "42"],
}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in GOOD.items() for value in values])
def test_what_fits_is_taken(kind: ParameterKind, value: str) -> None:
    assert refusal_of(Parameter(title="It", kind=kind), value) == ""


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in BAD.items() for value in values])
def test_what_does_not_fit_is_named_and_shown(kind: ParameterKind, value: str) -> None:
    said = refusal_of(Parameter(title="It", kind=kind), value)
    assert f"“{value[:60]}" in said
    assert said.endswith(".")
    assert len(said) < 200


def test_every_kind_is_tried() -> None:
    assert set(GOOD) == set(BAD) == set(ParameterKind)


def test_only_a_choice_is_one() -> None:
    parameter = Parameter(title="Size", choices=("small", "large"))
    assert refusal_of(parameter, "small") == ""
    assert refusal_of(parameter, "huge") == "“huge” is none of the choices: small or large."
