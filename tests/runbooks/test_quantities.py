"""Numbers with units: as they are printed, and what can be compared with what."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runbooks.quantities import UNITS, Quantity, UnitsDiffer, compared, find_quantity, parse_quantity, together


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("73%", 73, "%"),
        (" 73 % ", 73, "%"),
        ("250m", 250, "m"),
        ("512Mi", 512, "Mi"),
        ("1.2k", 1.2, "k"),
        ("5ms", 5, "ms"),
        ("2.3 GB", 2.3, "GB"),
        ("8192 bytes", 8192, "bytes"),
        ("1,234,567", 1_234_567, ""),
        ("12,345.67", 12_345.67, ""),
        ("1e-3", 0.001, ""),
        (".5", 0.5, ""),
        ("-3", -3, ""),
        ("00:05:12", 312, "s"),
        ("00:00:00.125", 0.125, "s"),
        ("1 day 02:03:04", 93_784, "s"),
        ("-1 days +02:00:00", -79_200, "s"),
        ("1 mon 2 days", 32 * 86_400, "s"),
        ("1h30m", 5400, "s"),
        ("2y15d", 64_411_200, "s"),
        ("3d4h", 273_600, "s"),
        ("1/2", 50, "%"),
        ("0/0", 100, "%"),
        ("+Inf", math.inf, ""),
    ],
)
def test_a_text_that_is_one_quantity_is_read(text: str, number: float, unit: str) -> None:
    assert parse_quantity(text) == Quantity(number, unit)


@pytest.mark.parametrize(
    "text",
    ["", "NaN", "v1.2", "1.2.3", "2025-01-20", "10.0.0.1", "12:30", "1,2", "3x", "5 errors", "m", "1/2/3"],
)
def test_other_texts_are_no_quantity(text: str) -> None:
    assert parse_quantity(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("42\n", Quantity(42)),
        ("There are 12 errors", Quantity(12)),
        ("5 (3m ago)", Quantity(5)),
        ("web-7d9f: 3 restarts", Quantity(3)),
        ("p95 is 480ms now", Quantity(480, "ms")),
        ("used 2.3 GB of 8 GB", Quantity(2.3, "GB")),
        ("2025-01-20 10.0.0.1:80 http2 17%", Quantity(17, "%")),
        ("load: 0.5.", Quantity(0.5)),
        ("1,234 rows", Quantity(1234)),
        ("release 1.2.3 of node18", None),
        ("3x 4y2", None),
        ("", None),
    ],
)
def test_the_first_free_number_of_a_text_is_found(text: str, found: Quantity | None) -> None:
    assert find_quantity(text) == found


@given(st.text(alphabet=st.sampled_from("0123456789.,:/-+eEmskMGiB% \n{}\"'x٣"), max_size=200) | st.text(max_size=200))
def test_any_text_can_be_looked_through(text: str) -> None:
    for found in (parse_quantity(text), find_quantity(text)):
        assert found is None or (found.unit in UNITS and str(found))


def test_a_wall_of_digits_costs_no_time() -> None:
    assert find_quantity("9" * 100_000 + "x") is None
    assert parse_quantity("9" * 10_000) == Quantity(math.inf)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from(sorted(UNITS)))
def test_what_is_shown_can_be_read(number: float, unit: str) -> None:
    shown = parse_quantity(str(Quantity(number, unit)))
    assert shown is not None
    assert shown.unit == unit
    assert shown.number == pytest.approx(number, rel=0.01, abs=1e-30)


@pytest.mark.parametrize(
    ("value", "threshold", "pair"),
    [
        ("600ms", "0.5s", (0.6, 0.5)),
        ("250m", "1 cores", (0.25, 1)),
        ("90m", "1h", (5400, 3600)),
        ("1.00M", "512kB", (1_048_576, 524_288)),
        ("1.2k", "1000", (1200, 1000)),
        ("2Gi", "1.5 GB", (2_147_483_648, 1_610_612_736)),
        ("00:06:00", "5 min", (360, 300)),
        ("73%", "70", (73, 70)),
        ("0.73 ratio", "70%", (73, 70)),
        ("5ms", "0", (5, 0)),
        ("0", "10%", (0, 10)),
        ("1/2", "100%", (50, 100)),
    ],
)
def test_units_are_compared_in_base_units(value: str, threshold: str, pair: tuple[float, float]) -> None:
    first, second = parse_quantity(value), parse_quantity(threshold)
    assert first
    assert second
    assert compared(first, second) == pytest.approx(pair)


@pytest.mark.parametrize(
    ("value", "threshold", "sentence"),
    [
        (
            "73",
            "70%",
            "73 (a plain number) and 70% (a share) cannot be compared; if the value is in %, say so with unit:.",
        ),
        ("250m", "200", "write the threshold with its unit, like 200m."),
        ("5ms", "512Mi", "5ms (a time) and 512Mi (a size) cannot be compared; check which number is read"),
        ("400", "5m", "400 (a plain number) and 5m (CPU or a time) cannot be compared"),
    ],
)
def test_units_that_differ_are_told(value: str, threshold: str, sentence: str) -> None:
    first, second = parse_quantity(value), parse_quantity(threshold)
    assert first
    assert second
    with pytest.raises(UnitsDiffer) as raised:
        compared(first, second)
    assert sentence in str(raised.value)


def test_a_number_without_a_unit_takes_the_one_that_is_stated() -> None:
    assert Quantity(5).or_in("ms") == Quantity(5, "ms")
    assert Quantity(5, "s").or_in("ms") == Quantity(5, "s")
    assert Quantity(5).or_in("lines") == Quantity(5)
    assert together([]) == ""
