"""Looks of one worker, in this process: which are under way."""

from __future__ import annotations

import time

from tests.engine.transferring import shared_parts
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import SlowHeaders
from tests.support.session_control import SessionControl
from tui_downloader.state import probes
from tui_downloader.state.database import Database
from tui_downloader.worker.desk import Desk
from tui_downloader.worker.probing import Probing


def test_a_withdrawn_look_is_hung_up_on(control: SessionControl, fault_server: FaultServer) -> None:
    control.session.create()
    database = Database(control.session.directory / "state.sqlite3")
    request = control.request(fault_server.add("/hangs", Resource(b"x"), faults=[SlowHeaders()]))
    with database.transaction() as transaction:
        ids = probes.insert(transaction, [request], now=time.time())
    probing, now = Probing(Desk(), lambda _directory, _download: []), time.monotonic()
    with shared_parts() as shared:
        probing.read(database)
        probing.supervise(shared, now=now)
        fault_server.wait_for(lambda log: len(log) == 1)
        with database.transaction() as transaction:
            probes.delete(transaction, ids)
        probing.read(database)
        assert not probing.busy
        fault_server.wait_for(lambda log: log[0].ended)  # no time passes for `supervise`: it was not too slow
    database.close()
