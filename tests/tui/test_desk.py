"""What an investigation says before there is a screen is heard, in its order."""

from __future__ import annotations

import threading

from rca.changes import Change, OutputArrived
from tui.desk import Hearing


def test_what_was_said_before_is_heard_first() -> None:
    hearing, heard = Hearing(), list[Change]()
    hearing(OutputArrived(1))
    hearing(OutputArrived(2))
    hearing.listen(heard.append)
    hearing(OutputArrived(3))
    assert heard == [OutputArrived(1), OutputArrived(2), OutputArrived(3)]


def test_what_is_said_while_one_begins_to_listen_keeps_its_order() -> None:
    hearing, heard = Hearing(), list[Change]()
    listening = threading.Event()

    def say() -> None:
        for number in range(2_000):
            hearing(OutputArrived(number))
            if number == 500:
                listening.set()

    thread = threading.Thread(target=say)
    thread.start()
    listening.wait(10)
    hearing.listen(heard.append)
    thread.join(10)
    assert heard == [OutputArrived(number) for number in range(2_000)]
