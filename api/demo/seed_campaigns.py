"""The demo programme's campaigns: ten that show what the rules can do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from api.core.writing import LANGUAGES
from api.demo.seed_words import WORDS
from contract.campaigns import (
    BirthdayCondition,
    CampaignVersion,
    ExpiryAfterMonths,
    FirstPurchaseCondition,
    FixedReward,
    Limits,
    Minimum,
    MultiplierReward,
    PercentReward,
    Products,
    Step,
    Steps,
    What,
    When,
    Where,
)
from contract.tiers import LadderDraft, Tier

PENDING_DAYS = 14
EXPIRY_MONTHS = 6


def demo_ladder(start: datetime) -> LadderDraft:
    """Three tiers, by what was spent in the last twelve months."""
    tiers = (
        ("bronze", ("Bronze", "Bronze", "Pronssi", "Bronze", "Perunggu", "Бронза"), 0),
        ("silver", ("Silver", "Prata", "Hopea", "Sølv", "Perak", "Серебро"), 300_000),
        ("gold", ("Gold", "Ouro", "Kulta", "Guld", "Emas", "Золото"), 800_000),
    )
    return LadderDraft(
        starts_at=start,
        counts="spent",
        period="rolling_year",
        downgrade="one_step",
        notice_days=30,
        tiers=tuple(
            Tier(tier=tier, name=dict(zip(LANGUAGES, names, strict=True)), threshold=threshold, keeps="period")
            for tier, names, threshold in tiers
        ),
    )


def demo_campaigns(start: datetime, now: datetime) -> list[CampaignVersion]:
    """Most run from the programme's `start` on; a few are of these days, so that something ends soon."""
    always = When(starts_at=start)

    def until(days: float, *, since: datetime = start, **more: Any) -> When:
        return When(starts_at=since, ends_at=now + timedelta(days=days), **more)

    return [
        _campaign(
            "base",
            ("Everyday cashback", "Cashback de todo dia"),
            ("On every purchase, in the shop and online.", "Em todas as compras, na loja e no site."),
            picture="basket",
            when=always,
            reward=PercentReward(rate_bp=200),
        ),
        _campaign(
            "organic",
            ("Green cashback", "Cashback verde"),
            ("On everything with the organic label, on top of the 2%.", "Em tudo com o selo orgânico, além dos 2%."),
            picture="fruit",
            when=always,
            what=What(only=Products(tags=("organic",))),
            reward=PercentReward(rate_bp=500),
        ),
        _campaign(
            "weekend-food",
            ("The big weekend shop", "A compra do fim de semana"),
            (
                "Saturday and Sunday: 5% from R$100 of food, 10% from R$200, 15% from R$300. Activate it first.",
                "Sábado e domingo: 5% a partir de R$ 100 em alimentos, 10% a partir de R$ 200, 15% a partir de "
                "R$ 300. Ative antes.",
            ),
            picture="food",
            when=until(60, weekdays=("sat", "sun")),
            what=What(only=Products(categories=("food",))),
            threshold=Steps(
                of="matching",
                steps=(
                    Step(threshold=10_000, rate_bp=500),
                    Step(threshold=20_000, rate_bp=1_000),
                    Step(threshold=30_000, rate_bp=1_500),
                ),
            ),
            reward=PercentReward(rate_bp=0),
            needs_activation=True,
        ),
        _campaign(
            "bakery",
            ("Fresh from the bakery", "Direto da padaria"),
            ("Bread, cake and pão de queijo. Activate it first.", "Pães, bolos e pão de queijo. Ative antes."),
            picture="bakery",
            when=until(12),
            what=What(only=Products(categories=("bakery",))),
            reward=PercentReward(rate_bp=1_000),
            limits=Limits(per_receipt=1_500),
            needs_activation=True,
        ),
        _campaign(
            "web-five",
            ("Webshop bonus", "Bônus do site"),
            ("For every order of R$80 or more.", "A cada pedido a partir de R$ 80."),
            picture="cycle",
            when=until(30),
            where=Where(channels=("web",)),
            threshold=Minimum(amount=8_000),
            reward=FixedReward(value=500),
        ),
        _campaign(
            "jardins-double",
            ("Double cashback at Jardins", "Cashback em dobro nos Jardins"),
            (
                "For a few days, everything that you earn at Jardins counts twice.",
                "Por poucos dias, tudo o que você ganha nos Jardins vale o dobro.",
            ),
            picture="gift",
            when=until(5, since=now - timedelta(days=9)),
            where=Where(stores=("jardins",)),
            reward=MultiplierReward(factor_bp=20_000),
            stacking="multiplier",
        ),
        _campaign(
            "electronics",
            ("Electronics weeks", "Semanas da eletrônica"),
            (
                "Up to R$50.00 a purchase. Stands alone: it is not added to other offers.",
                "Até R$ 50,00 por compra. Não acumula com outras ofertas.",
            ),
            picture="electronics",
            when=until(20, since=now - timedelta(days=30)),
            what=What(only=Products(categories=("electronics",))),
            reward=PercentReward(rate_bp=2_000),
            limits=Limits(per_receipt=5_000),
            stacking="exclusive",
        ),
        _campaign(
            "fruit-wednesday",
            ("Fruit Wednesday", "Quarta da fruta"),
            ("On all fruit, every Wednesday.", "Em todas as frutas, toda quarta-feira."),
            picture="fruit",
            when=When(starts_at=start, weekdays=("wed",)),
            what=What(only=Products(categories=("food/fruit",))),
            reward=PercentReward(rate_bp=800),
        ),
        _campaign(
            "birthday",
            ("Happy birthday", "Feliz aniversário"),
            (
                "In the week around your birthday, up to R$20.00.",
                "Na semana do seu aniversário, até R$ 20,00.",
            ),
            picture="gift",
            when=always,
            who=(BirthdayCondition(days_before=3, days_after=3),),
            reward=PercentReward(rate_bp=1_000),
            limits=Limits(per_receipt=2_000),
        ),
        _campaign(
            "welcome-web",
            ("Welcome to the webshop", "Boas-vindas ao site"),
            (
                "When your first purchase is an order of R$50 or more in the webshop.",
                "Quando a sua primeira compra é um pedido a partir de R$ 50 no site.",
            ),
            picture="gift",
            when=always,
            who=(FirstPurchaseCondition(),),
            where=Where(channels=("web",)),
            threshold=Minimum(amount=5_000),
            reward=FixedReward(value=1_000),
        ),
    ]


def _in_all(campaign_id: str, ours: tuple[str, str], part: int) -> dict[str, str]:
    """A name or a description in every language of the app."""
    others = {language: said[part] for language, said in WORDS[campaign_id].items()}
    return dict(zip(("en", "pt-BR"), ours, strict=True)) | others


def _campaign(campaign_id: str, names: tuple[str, str], descriptions: tuple[str, str], **terms: Any) -> CampaignVersion:
    return CampaignVersion(
        campaign_id=campaign_id,
        name=_in_all(campaign_id, names, 0),
        description=_in_all(campaign_id, descriptions, 1),
        pending_days=PENDING_DAYS,
        expiry=ExpiryAfterMonths(months=EXPIRY_MONTHS),
        **terms,
    )
