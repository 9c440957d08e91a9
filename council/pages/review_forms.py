"""What somebody fills in when a decision is looked at again."""

from collections.abc import Iterator
from typing import Any

from django import forms

from backlog.db.fields import ends
from council.models import Decision, Prediction, Review
from council.operations.reviews import Came, Findings

SETTLED = ("hit", "partly", "missed")


class ReviewForm(forms.Form):
    """Asks of each figure that is not settled; of the words alone where there are no figures."""

    words = forms.CharField(**ends(Review, "words"))
    conclusion = forms.ChoiceField(choices=Review.Conclusion.choices)
    next_on = forms.DateField(required=False)

    def __init__(self, decision: Decision, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        all_of_it = list(decision.predictions.all())
        self.asked = [each for each in all_of_it if each.result not in SETTLED]
        self.asks_for_words = bool(decision.expected_effect) and not all_of_it
        choices = [("", "–"), *Prediction.Result.choices]
        for each in self.asked:
            self.fields[f"result_{each.pk}"] = forms.ChoiceField(choices=choices, required=False)
            self.fields[f"actual_{each.pk}"] = forms.DecimalField(
                required=False, **ends(Prediction, "actual")
            )
        if self.asks_for_words:
            self.fields["result"] = forms.ChoiceField(choices=choices, required=False)

    def rows(self) -> Iterator[tuple[Prediction, forms.BoundField, forms.BoundField]]:
        for each in self.asked:
            yield each, self[f"result_{each.pk}"], self[f"actual_{each.pk}"]

    def findings(self) -> Findings:
        given = self.cleaned_data
        came = {
            each.pk: Came(given[f"result_{each.pk}"], given[f"actual_{each.pk}"])
            for each in self.asked
            if given[f"result_{each.pk}"]
        }
        return Findings(
            words=given["words"],
            conclusion=given["conclusion"],
            came=came,
            result=given.get("result", ""),
            next_on=given["next_on"],
        )
