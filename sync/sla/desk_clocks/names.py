"""What the desk's own metrics are called."""

SEVERITY_ANSWER = "severity_first_answer"
DEPARTMENT_ANSWER = "department_answer"
# Stands in for the clocks of a complaint of which nobody knows where it belongs.
REGULATION_UNKNOWN = "regulatory_answer"

TITLES = {
    SEVERITY_ANSWER: "First answer of a person",
    DEPARTMENT_ANSWER: "Answer of the department",
    REGULATION_UNKNOWN: "Answer due to a regulator's rules",
}
