"""The shape of what people type at the writing desk, and of what they upload."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, MediaAsset
from campaigns.protocol import Draft, Version
from campaigns.queries import options_of
from campaigns.rules import fitting
from compliance.models import Endorser
from networks import registry
from networks.models import Account
from networks.protocol import Option


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

    text = forms.CharField(required=False, strip=False, max_length=63_206)
    title = forms.CharField(required=False, max_length=300)
    link = forms.CharField(required=False, max_length=1000)
    language = forms.CharField(required=False, max_length=8)
    campaign: forms.ModelChoiceField[Campaign] = forms.ModelChoiceField(None, required=False)
    endorser: forms.ModelChoiceField[Endorser] = forms.ModelChoiceField(None, required=False)
    local_at = WallTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    idea = forms.BooleanField(required=False)

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
            idea=given["idea"],
        )

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
