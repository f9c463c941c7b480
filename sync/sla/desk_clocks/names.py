"""What the desk's own metrics are called."""

SEVERITY_ANSWER = "severity_first_answer"
DEPARTMENT_ANSWER = "department_answer"
# Stands in for the clocks of a complaint of which nobody knows where it belongs.
REGULATION_UNKNOWN = "regulatory_answer"

_DEPARTMENT = "desk/department-"


def department_policy(code: str, edition: int) -> str:
    """Return the name under which a department's clocks say that they follow an edition."""
    return f"{_DEPARTMENT}{code.lower()}@{edition}"


def department_of(policy_id: str) -> str:
    """Return the code of the department whose rule this is."""
    return policy_id.removeprefix(_DEPARTMENT).partition("@")[0].upper()


TITLES = {
    SEVERITY_ANSWER: "First answer of a person",
    DEPARTMENT_ANSWER: "Answer of the department",
    REGULATION_UNKNOWN: "Answer due to a regulator's rules",
}
