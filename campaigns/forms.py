"""The shape of what people type at the writing desk, and of what they upload."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.actions import bulk
from campaigns.actions.fanning import Turn
from campaigns.models import Campaign, MediaAsset, Post, Recipe, Series, Slot
from campaigns.protocol import Draft, NotPossible, Version
from campaigns.queries import options_of
from campaigns.rules import fitting
from campaigns.rules.filling import unknown
from compliance.models import Endorser
from networks import registry
from networks.models import Account
from networks.protocol import Option

MOST_PARTS = 24
MOST_AT_ONCE = 500


class WallTimeField(forms.DateTimeField):
    """A day and time as a wall clock shows it; whether it exists in the post's zone is decided later."""

    def to_python(self, value: Any) -> datetime | None:  # Any: whatever was sent
        with timezone.override(UTC):
            return super().to_python(value)


class Ceiling(FileUploadHandler):
    """Stops reading a file into the server once it is larger than anything that is taken."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) > max(settings.MEDIA_IMAGE_BYTES, settings.MEDIA_VIDEO_BYTES):
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        return None  # Any above: whatever the next handler makes


class ComposeForm(forms.Form):
    """What all channels share; what each has of its own is read by `draft` beside it."""

    text = forms.CharField(required=False, strip=False, max_length=200_000)
    title = forms.CharField(required=False, max_length=300)
    link = forms.CharField(required=False, max_length=1000)
    language = forms.CharField(required=False, max_length=8)
    campaign: forms.ModelChoiceField[Campaign] = forms.ModelChoiceField(None, required=False)
    endorser: forms.ModelChoiceField[Endorser] = forms.ModelChoiceField(None, required=False)
    local_at = WallTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    idea = forms.BooleanField(required=False)
    comment_minutes = forms.IntegerField(required=False, min_value=0, max_value=7 * 24 * 60)
    track_links = forms.NullBooleanField(required=False)

    def __init__(self, data: QueryDict | None = None, *, accounts: Sequence[Account], zone: str) -> None:
        super().__init__(data)
        self.typed = data or QueryDict()
        choose_from_here(self)
        self.accounts = {account.pk: account for account in accounts}
        self.zone = zone

    def draft(self) -> Draft:
        """The whole post as typed; the form must be valid."""
        given = self.cleaned_data
        media = self._media()
        chosen = [
            pk for value in self.typed.getlist("accounts") if value.isdigit() and (pk := int(value)) in self.accounts
        ]
        return Draft(
            text=given["text"].replace("\r\n", "\n"),
            title=given["title"],
            link=given["link"].strip(),
            language=given["language"],
            campaign_id=given["campaign"].pk if given["campaign"] else None,
            endorser_id=given["endorser"].pk if given["endorser"] else None,
            local_at=None if given["idea"] else naive(given["local_at"]),  # an idea waits in the tray
            zone=self.zone,
            media=tuple(asset.pk for asset in media),
            versions=tuple(self._version(self.accounts[pk], media) for pk in dict.fromkeys(chosen)),
            thread=tuple(part.replace("\r\n", "\n") for part in self.typed.getlist("thread") if part.strip())[
                :MOST_PARTS
            ],
            comment_minutes=given["comment_minutes"] or 0,
            track_links=given["track_links"],
            idea=given["idea"],
        )

    def _parts(self) -> Iterator[str]:
        for part in self.typed.getlist("thread"):
            if part.strip():
                yield part.replace("\r\n", "\n")

    def _media(self) -> list[MediaAsset]:
        numbers = [int(value) for value in self.typed.getlist("media") if value.isdigit()]
        there = MediaAsset.objects.in_bulk(numbers)
        return [there[pk] for pk in dict.fromkeys(numbers) if pk in there]

    def _version(self, account: Account, media: Sequence[MediaAsset]) -> Version:
        def own(name: str) -> str:
            return str(self.typed.get(f"{name}_{account.pk}", "")).replace("\r\n", "\n")

        return Version(
            account_id=account.pk,
            own_text=own("text") if own("text").strip() else None,
            own_title=own("title").strip()[:300] or None,
            own_media=self._own_media(account, media),
            options={option.name: value for option in options_of(account) if (value := self._option(account, option))},
            first_comment=own("comment") or str(self.typed.get("first_comment", "")).replace("\r\n", "\n"),
        )

    def _option(self, account: Account, option: Option) -> str | bool:
        value = str(self.typed.get(f"option_{account.pk}_{option.name}", ""))
        if option.longest:
            return " ".join(value.split())[: option.longest]
        if not option.choices:
            return value == "on"
        return value if value in dict(option.choices) and value != option.default else ""

    def _own_media(self, account: Account, media: Sequence[MediaAsset]) -> tuple[int, ...] | None:
        """None when it is what the network takes anyway. Media added since the tab was drawn join by default."""
        sealed = {asset.sealed: asset.pk for asset in media}
        default = tuple(sealed[one] for one in fitting(list(sealed), registry.get(account.network).limits))
        seen = set(self.typed.getlist(f"seen_{account.pk}"))
        shown = set(self.typed.getlist(f"show_{account.pk}"))
        chosen = tuple(
            asset.pk for asset in media if (str(asset.pk) in shown if str(asset.pk) in seen else asset.pk in default)
        )
        return None if chosen == default else chosen


def naive(moment: datetime | None) -> datetime | None:
    """The wall time a person typed, without the zone that Django gave it."""
    return moment.replace(tzinfo=None) if moment else None


def choose_from_here(form: forms.BaseForm) -> None:
    """Offer this workspace's campaigns and endorsers: a scoped manager answers only once a workspace is entered."""
    here: dict[str, Any] = {"campaign": Campaign.objects, "endorser": Endorser.objects}  # Any: managers of two models
    for name, manager in here.items():
        field = form.fields.get(name)
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = manager.all()


class MoveForm(forms.Form):
    """Where a post goes on the calendar."""

    local_at = WallTimeField(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


class CampaignForm(forms.ModelForm[Campaign]):
    """A campaign as its page shows it."""

    endorser: forms.ModelChoiceField[Endorser] = forms.ModelChoiceField(None, required=False, label=_("Endorser"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: a form's own arguments
        super().__init__(*args, **kwargs)
        choose_from_here(self)

    class Meta:
        model = Campaign
        fields = (
            "name",
            "goal",
            "brand",
            "starts_on",
            "ends_on",
            "colour",
            "endorser",
            "utm_source",
            "utm_medium",
            "utm_campaign",
            "track_links",
            "brief",
        )
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}),
            "ends_on": forms.DateInput(attrs={"type": "date"}),
            "colour": forms.TextInput(attrs={"type": "color"}),
            "brief": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "brand": _("Whose product it is: what was given to an endorser is looked up by it."),
            "utm_source": _("Empty: the network's name."),
        }


class PlanForm(forms.Form):
    """A content plan, and the media it names by their file names."""

    plan = forms.FileField(label=_("Content plan (CSV)"))
    shift_to = forms.DateField(required=False, label=_("First day"))


class SlotForm(forms.Form):
    """A time of the day, on some weekdays."""

    at = forms.TimeField()
    weekdays = forms.MultipleChoiceField(choices=[(str(day), label) for day, label in Slot.Weekday.choices])


class SeriesForm(forms.ModelForm[Series]):
    """A rule that people can say: every second week on Monday and Thursday at nine, until the end of the year."""

    kind = forms.ChoiceField(label=_("What comes again"), choices=Series.Kind.choices, initial=Series.Kind.RECURRING)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On"),
        choices=Slot.Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For weeks. For months: one weekday, with which one of the month."),
    )
    nth = forms.TypedChoiceField(
        label=_("Which one of the month"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            (0, _("By the date")),
            (1, _("The first")),
            (2, _("The second")),
            (3, _("The third")),
            (4, _("The fourth")),
            (-1, _("The last")),
        ],
    )

    class Meta:
        model = Series
        fields = (
            "name",
            "kind",
            "every",
            "interval",
            "weekdays",
            "nth",
            "monthday",
            "at",
            "gap_days",
            "starts_on",
            "ends_on",
            "count",
        )
        labels = {
            "every": _("Repeat by"),
            "interval": _("Every so many"),
            "monthday": _("Date of the month"),
            "at": _("At"),
            "gap_days": _("Days before the same post comes again"),
            "starts_on": _("From"),
            "ends_on": _("Until"),
            "count": _("How often"),
        }
        help_texts = {
            "monthday": _("0: as the first day. 31 is the last day of every month."),
            "at": _("Local time. Evergreen posts take the free slots of the queue instead."),
            "gap_days": _("Evergreen only. A network that takes the same words only once gets each post once."),
            "ends_on": _("Empty: it goes on."),
            "count": _("0: without a number."),
        }
        widgets = {
            "at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:  # Any: a form's own arguments
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:  # Any: Django's cleaned data
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") == Series.Kind.RECURRING and not given.get("at"):
            self.add_error("at", _("Say at what time."))
        if given.get("interval") == 0:
            self.add_error("interval", _("At least one."))
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("It ends before it starts."))
        if (given.get("monthday") or 0) > 31:
            self.add_error("monthday", _("A month has at most 31 days."))
        given["nth"] = given.get("nth") or 0
        return given

    def series(self, posts: Sequence[Post]) -> Series:
        """The series as typed; valid data only. Raises NotPossible when there is nothing to repeat."""
        recurring = self.cleaned_data["kind"] == Series.Kind.RECURRING
        if not posts or (recurring and len(posts) > 1):
            raise NotPossible(_("Choose one draft to repeat; evergreen takes several."))
        series: Series = self.save(commit=False)
        series.zone = self.zone
        return series

    def changes(self) -> dict[str, Any]:  # Any: the model's field values
        """What the person changed, and to what."""
        return {field: self.cleaned_data[field] for field in self.changed_data if field != "kind"}


class BulkForm(forms.Form):
    """Which posts, and where they go."""

    how = forms.ChoiceField(choices=[("later", ""), ("day", ""), ("spread", "")])
    posts = forms.TypedMultipleChoiceField(coerce=int)
    minutes = forms.IntegerField(required=False, min_value=-525_600, max_value=525_600)
    day = forms.DateField(required=False)
    first = WallTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    last = WallTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])

    def __init__(self, data: Any) -> None:  # Any: a QueryDict, or JSON
        super().__init__(data)
        given = data.getlist("posts") if hasattr(data, "getlist") else data.get("posts", [])
        chosen = [str(one) for one in given if str(one).isdigit()][:MOST_AT_ONCE]
        field = self.fields["posts"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(one, one) for one in chosen]

    def clean(self) -> dict[str, Any]:  # Any: Django's cleaned data
        given: dict[str, Any] = super().clean() or {}
        needed = {"later": ["minutes"], "day": ["day"], "spread": ["first", "last"]}.get(given.get("how", ""), [])
        if any(given.get(name) is None for name in needed):
            self.add_error(None, _("Say where they go."))
        elif given.get("how") == "spread" and given["last"] < given["first"]:
            self.add_error(None, _("The last time comes before the first."))
        return given

    def first_error(self) -> str:
        """What is wrong, in one sentence."""
        if "posts" in self.errors:
            return str(_("Choose at least one post."))
        return str(next(iter(self.errors.values()))[0])

    def where(self) -> bulk.Where:
        """Where each goes; valid data only."""
        given = self.cleaned_data
        if given["how"] == "later":
            return bulk.later(given["minutes"])
        if given["how"] == "day":
            return bulk.to_day(given["day"])
        return bulk.spread(given["first"].replace(tzinfo=None), given["last"].replace(tzinfo=None))


class FanOutForm(forms.Form):
    """When the other channels tell of an article; which, and in which words, is read by `turns` beside it."""

    at = forms.TimeField(label=_("At"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    first_days = forms.IntegerField(label=_("Days until the first"), min_value=0, max_value=60)
    gap_days = forms.IntegerField(label=_("Days between two"), min_value=1, max_value=60)

    def turns(self, accounts: Sequence[Account]) -> list[Turn]:
        """A turn for each chosen account, in the order shown."""
        chosen = self.data.getlist("account") if isinstance(self.data, QueryDict) else []
        return [
            Turn(account, str(self.data.get(f"text_{account.pk}", "")).replace("\r\n", "\n"))
            for account in accounts
            if str(account.pk) in chosen
        ]


class RecipeForm(forms.ModelForm[Recipe]):
    """What becomes of a watched feed, and a channel's own words as `own_<account>`."""

    campaign: forms.ModelChoiceField[Campaign] = forms.ModelChoiceField(None, required=False, label=_("Campaign"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: a form's own arguments
        super().__init__(*args, **kwargs)
        choose_from_here(self)

    class Meta:
        model = Recipe
        fields = ["is_on", "into", "template", "campaign", "a_day", "every_days", "at"]
        widgets = {"template": forms.Textarea(attrs={"rows": 6}), "at": forms.TimeInput(attrs={"type": "time"})}

    def clean_template(self) -> str:
        return self._checked(self.cleaned_data["template"])

    def own(self, accounts: Iterable[int]) -> dict[str, str]:
        """Account id -> its own template, where one was typed. Raises ValidationError."""
        typed = {str(pk): self.data.get(f"own_{pk}", "").strip()[:5000] for pk in accounts}
        return {pk: self._checked(text) for pk, text in typed.items() if text}

    def _checked(self, template: str) -> str:
        if strange := unknown(template):
            raise forms.ValidationError(_("There is no {%(name)s}."), params={"name": strange[0]})
        return template
