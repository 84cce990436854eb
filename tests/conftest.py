"""The fixtures of the whole test run, one module of `tests/fixtures` per kind of thing."""

pytest_plugins = ["tests.fixtures.clusters", "tests.fixtures.databases", "tests.fixtures.worlds"]
