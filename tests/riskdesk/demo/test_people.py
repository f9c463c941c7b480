from riskdesk.demo.complaints import Complaint
from riskdesk.demo.people import FRONT_LINE, Staff, customer_of

CS, SEC, PAY = 1, 2, 3
STAFF = Staff(
    members={CS: (11, 12, 13), SEC: (21, 22), PAY: (31,)},
    groups={FRONT_LINE: CS, "Account Security": SEC, "Payments": PAY, "Empty": 4},
)


def test_customer_of_an_english_name_has_a_readable_address() -> None:
    customer = customer_of(Complaint(id="1", text="x", customer="Maria Lopez"))

    assert (customer.name, customer.email) == ("Maria Lopez", "maria.lopez@example.net")


def test_customers_without_a_name_get_one_in_their_language_and_an_address_of_their_own() -> None:
    english, chinese = (
        customer_of(Complaint(id=name, text=text)) for name, text in (("1", "hello"), ("2", "你好"))
    )

    assert english.name.isascii()
    assert not chinese.name.isascii()
    assert english.email != chinese.email


def test_hostile_id_does_not_reach_the_address() -> None:
    email = customer_of(Complaint(id="x@evil.test>\r\nBcc:", text="x")).email

    assert email.startswith("customer-")
    assert email.removeprefix("customer-").removesuffix("@example.net").isalnum()


def test_ticket_meets_the_same_agent_every_time() -> None:
    assert len({STAFF.front_line(7) for _ in range(5)}) == 1
    assert {STAFF.front_line(ticket) for ticket in range(50)} == {11, 12, 13}


def test_department_that_holds_the_ticket_answers() -> None:
    assert STAFF.specialist(7, PAY, "A") == 31


def test_department_of_the_family_answers_for_a_ticket_nobody_holds() -> None:
    assert STAFF.specialist(7, None, "A") in (21, 22)
    assert STAFF.specialist(7, CS, "F") == 31


def test_somebody_answers_when_the_department_is_empty() -> None:
    assert STAFF.specialist(7, None, "G") in (11, 12, 13, 21, 22, 31)
