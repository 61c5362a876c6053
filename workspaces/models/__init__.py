"""The ground's nouns: people and the workspaces they share, and what they are told."""

from workspaces.models.notices import Delivery, Hook, Notice, NoticeChoice
from workspaces.models.people import (
    ApiKey,
    AuditEntry,
    AuditHead,
    DataKey,
    Invitation,
    Member,
    User,
    UserManager,
    Workspace,
)

__all__ = [
    "ApiKey",
    "AuditEntry",
    "AuditHead",
    "DataKey",
    "Delivery",
    "Hook",
    "Invitation",
    "Member",
    "Notice",
    "NoticeChoice",
    "User",
    "UserManager",
    "Workspace",
]
