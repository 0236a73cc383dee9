"""`serve.py` with a server of its own: both flows stand in its book of runs, and nothing stays when it is stopped."""

from __future__ import annotations

import signal
from importlib.metadata import version

import pytest
from night_process import Stage

SQLALCHEMY = tuple(int(part) for part in version("sqlalchemy").split(".")[:2])


@pytest.mark.skipif(SQLALCHEMY >= (2, 1), reason="the scheduler of Prefect 3.8 needs SQLAlchemy below 2.1")
def test_both_flows_are_scheduled_a_second_server_refuses_and_sigterm_leaves_no_process(stage: Stage) -> None:
    said: list[str] = []
    with stage.running("serve.py") as process:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if "weekly runs first at" in line:
                break
        second = stage.run("serve.py")
        process.send_signal(signal.SIGTERM)
        said.append(process.communicate(timeout=60)[1])
    told = "".join(said)
    assert process.returncode == 143, told
    assert "05:30 UTC" in told.partition("nightly runs first at")[2]
    assert "07:00 UTC" in told.partition("weekly runs first at")[2]
    assert "Traceback" not in told
    assert stage.left_behind() == []
    assert second.returncode == 1
    assert "another serve.py is at work in" in second.stderr
    assert stage.rehearsal.requests() == []  # serving asks nobody anything before its time


def test_a_cron_that_is_none_is_told_in_one_line(stage: Stage) -> None:
    refused = stage.run("serve.py", "--nightly-cron", "every morning")
    assert refused.returncode == 1
    assert 'harvester: --nightly-cron: Invalid cron string: "every morning"' in refused.stderr
    assert "Traceback" not in refused.stderr
    assert stage.left_behind() == []
