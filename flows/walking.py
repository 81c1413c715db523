"""How does a run pass a step of the notice?

It reads the record, opens the step once its time has come, and is suspended while people decide. A run that is
woken reads the record again from the start, so nobody can pass a gate by waking it.
"""

from collections.abc import Iterator

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext
from prefect.flow_runs import suspend_flow_run

from tasks.walk import Ahead, Subject, look_ahead, opening


def steps_ahead(subject: Subject) -> Iterator[Ahead]:
    """The steps that the record says come next, in the notice's order, each read when the one before is passed."""
    while (step := look_ahead(subject, this_run().id)) is not None:
        yield step


def pass_step(step: Ahead) -> None:
    """Open the step, or wait at it. Waiting ends the run's stay in memory; on waking, the flow starts at its top."""
    if step.waits:
        announce(step)
        wait()
    else:
        opening(step.label)(step.season_id, step.case_id)


def announce(step: Ahead) -> None:
    """Name and tag the run by the gate where it waits, in one call and only if that has changed."""
    run = this_run()
    if run.name != step.name or set(run.tags) != set(step.tags):
        with get_client(sync_client=True) as client:
            client.update_flow_run(run.id, name=step.name, tags=step.tags)


def wait() -> None:
    """Suspend for as long as it takes. The state in which this stay began gives a key that was never used before."""
    state = this_run().state
    suspend_flow_run(timeout=None, key=state.id.hex if state else None)


def this_run() -> FlowRun:
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise RuntimeError("only a run of a flow can walk the steps")
    return context.flow_run
