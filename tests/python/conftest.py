import pytest


@pytest.fixture(scope="session")
def lrx():
    import cosetta

    return cosetta.graph("lrx:7")
