"""What a person says of a channel they post to by hand, and of a network of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from networks.actions import Charge, icon_of
from networks.models import COLOURS, COUNTED, Duty, OwnNetwork
from networks.protocol import NotOurs
from workspaces.models import Member
from workspaces.queries import members_who_may

MB = 1024 * 1024
MOST_ICON = 2 * MB
DAYS = [("1", _("Monday")), ("2", _("Tuesday")), ("3", _("Wednesday")), ("4", _("Thursday"))]
DAYS += [("5", _("Friday")), ("6", _("Saturday")), ("7", _("Sunday"))]


class ChargeForm(forms.Form):
    """Who posts on a channel and when."""

    keeper: forms.ModelChoiceField[Member] = forms.ModelChoiceField(None, label=_("In charge"), required=False)
    deputy: forms.ModelChoiceField[Member] = forms.ModelChoiceField(
        None,
        label=_("Deputy"),
        required=False,
        help_text=_("Asked when the one in charge is away, and reminded with them."),
    )
    begins = forms.TimeField(label=_("From"), initial="00:00", widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(
        label=_("Until"),
        initial="23:59",
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("Outside these hours both are asked."),
    )
    days = forms.MultipleChoiceField(
        label=_("On"), choices=DAYS, initial=list("1234567"), widget=forms.CheckboxSelectMultiple
    )
    keeper_away_until = forms.DateField(
        label=_("The one in charge is away; first day back"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    deputy_away_until = forms.DateField(
        label=_("The deputy is away; first day back"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, **kwargs)
        able = Member.objects.filter(pk__in=[member.pk for member in members_who_may("post_by_hand")])
        for name in ("keeper", "deputy"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = able.select_related("user")
            field.label_from_instance = lambda member: str(member.user)  # type: ignore[method-assign,assignment]  # Django's hook

    @staticmethod
    def of(duty: Duty | None) -> dict[str, Any]:  # Any: initial values
        """What the form begins with."""
        if duty is None:
            return {}
        fields = ("keeper", "deputy", "begins", "ends", "keeper_away_until", "deputy_away_until")
        return {name: getattr(duty, name) for name in fields} | {"days": list(duty.days)}

    @property
    def charge(self) -> Charge:
        """What a valid form says."""
        given = {name: self.cleaned_data[name] for name in CHARGE}
        return Charge(**given, days="".join(self.cleaned_data["days"]))


CHARGE = ("keeper", "deputy", "begins", "ends", "keeper_away_until", "deputy_away_until")


class ByHandForm(ChargeForm):
    """A new channel that people post to."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As your readers know it."))
    handle = forms.CharField(
        label=_("Name in its address"), max_length=200, required=False, help_text=_("As in its address there.")
    )
    field_order = ["name", "handle"]


class OwnNetworkForm(forms.ModelForm[OwnNetwork]):
    """A network of the workspace's own. Sizes in megabytes."""

    counting = forms.ChoiceField(label=_("Counted as"), choices=COUNTED)
    image_mb = forms.IntegerField(label=_("Largest picture, in MB"), min_value=1, max_value=200, initial=5)
    video_mb = forms.IntegerField(label=_("Largest video, in MB"), min_value=1, max_value=4000, initial=100)
    colour = forms.ChoiceField(label=_("Colour of the badge"), choices=[(one, one) for one in COLOURS])
    picture = forms.FileField(
        label=_("Icon"), required=False, help_text=_("A square PNG, JPEG or WebP. Without one the letters are shown.")
    )

    class Meta:
        model = OwnNetwork
        fields = (
            "name",
            "text",
            "counting",
            "fold_characters",
            "title",
            "images",
            "image_mb",
            "videos",
            "video_mb",
            "alt",
            "place",
            "pattern",
            "note",
            "initials",
            "colour",
        )
        labels = {
            "name": _("Name of the network"),
            "text": _("Longest text"),
            "fold_characters": _("Shown before “more”"),
            "title": _("Longest title"),
            "images": _("Most pictures"),
            "videos": _("Most videos"),
            "alt": _("Longest description of a picture"),
            "place": _("The place to open"),
            "pattern": _("How the address of a post looks"),
            "note": _("For whoever posts there"),
            "initials": _("Letters of the badge"),
        }
        help_texts = {
            "fold_characters": _("0 when the whole text is shown."),
            "title": _("0 when posts have no title."),
            "place": _("Like https://example.com/{handle}/new: {handle} stands for the channel's name."),
            "pattern": _("Like https://example.com/{handle}/posts/*: the * is what differs from post to post."),
            "note": _("What to tap, in which language to write, what it does not take."),
        }
        widgets = {"place": forms.TextInput, "pattern": forms.TextInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, **kwargs)
        self.fields["place"] = forms.CharField(
            label=_("The place to open"), max_length=500, help_text=self.Meta.help_texts["place"]
        )
        if self.instance.pk:
            self.fields["image_mb"].initial = max(1, self.instance.image_bytes // MB)
            self.fields["video_mb"].initial = max(1, self.instance.video_bytes // MB)

    def clean_picture(self) -> str:
        """The icon drawn anew, in base64; "" leaves what there is."""
        given = self.cleaned_data.get("picture")
        if given is None:
            return ""
        if given.size > MOST_ICON:
            raise forms.ValidationError(_("The icon is too large. At most 2 MB."))
        try:
            return icon_of(given.read())
        except NotOurs as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def _post_clean(self) -> None:
        """Nothing is put on the row in hand before `describe` has said that it will do."""

    @property
    def facts(self) -> dict[str, Any]:  # Any: the model's field values
        """What a valid form says, as `describe` takes it."""
        given = dict(self.cleaned_data)
        icon, image_mb, video_mb = given.pop("picture"), given.pop("image_mb"), given.pop("video_mb")
        given |= {"image_bytes": image_mb * MB, "video_bytes": video_mb * MB}
        return given | ({"icon": icon} if icon else {})
