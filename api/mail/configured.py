"""The sender that the settings ask for."""

from __future__ import annotations

from api.mail.sender import DemoInbox, NoMail, Sender, SmtpSender
from api.mail.texting import ByContact, NoTexts, SmsGateway
from api.settings import Settings


def sender_of(settings: Settings) -> Sender:
    """Mail over SMTP, text messages over a gateway, the demo's inbox where neither is set, or nothing."""
    smtp, sms = settings.smtp_url, settings.sms_url
    if smtp is None and sms is None:
        return DemoInbox() if settings.is_demo else NoMail()
    mail = SmtpSender(smtp.get_secret_value(), settings.mail_from) if smtp is not None else NoMail()
    return ByContact(mail, SmsGateway(sms.get_secret_value()) if sms is not None else NoTexts())
