"""What each word of confidence means, as it stands on every RCA."""

from __future__ import annotations

from rca.diagnosis.model import Confidence

DEFINITIONS = {
    Confidence.CONFIRMED: "the mechanism is explained by code or data, and something independent corroborates it",
    Confidence.PROBABLE: "trace and context agree; the mechanism is not proven",
    Confidence.POSSIBLE: "consistent with the evidence, but competing explanations stand",
    Confidence.UNKNOWN: "the evidence does not tell",
}
