"""The words of a statement on paper, in the reader's language."""

from __future__ import annotations

from contract.statement import MovementKind

LANGUAGES = ("en", "pt-BR", "fi", "da", "id", "ru")
LOCALES = {"en": "en_GB", "pt-BR": "pt_BR", "fi": "fi", "da": "da", "id": "id", "ru": "ru"}

KINDS: dict[MovementKind, tuple[str, ...]] = {
    "accrual": ("Earned", "Ganho", "Kertynyt", "Optjent", "Diperoleh", "Начислено"),
    "release": (
        "Became available", "Ficou disponível", "Vapautui käyttöön", "Kom til rådighed", "Menjadi tersedia",
        "Стало доступно",
    ),
    "redemption": ("Spent", "Usado", "Käytetty", "Brugt", "Dipakai", "Потрачено"),
    "restoration": ("Given back", "Devolvido", "Palautettu", "Givet tilbage", "Dikembalikan", "Возвращено"),
    "clawback": (
        "Taken back for a return", "Retirado por devolução", "Peruttu palautuksen vuoksi",
        "Trukket tilbage ved retur", "Ditarik karena retur", "Списано за возврат товара",
    ),
    "absorption": (
        "Made up for a return", "Compensou uma devolução", "Kuittasi palautuksen", "Udlignede en retur",
        "Menutup retur", "Зачтено за возврат товара",
    ),
    "expiry": ("Expired", "Venceu", "Vanhentunut", "Udløbet", "Kedaluwarsa", "Сгорело"),
    "adjustment": ("Corrected", "Corrigido", "Korjattu", "Rettet", "Dikoreksi", "Исправлено"),
    "hold": (
        "Put aside for a check", "Retido para verificação", "Pidätetty tarkistuksen ajaksi",
        "Sat til side for en kontrol", "Ditahan untuk pemeriksaan", "Отложено для проверки",
    ),
}  # fmt: skip

_GIVEN = ("Given by the store", "Dado pela loja", "Myymälän antama", "Givet af butikken", "Diberikan oleh toko",
          "Начислено магазином")  # fmt: skip
_CHECKED = (
    "Taken back after a check", "Retirado após uma verificação", "Peruttu tarkistuksen jälkeen",
    "Trukket tilbage efter en kontrol", "Ditarik setelah pemeriksaan", "Списано после проверки",
)  # fmt: skip

WORDS: dict[str, tuple[str, ...]] = {
    "title": ("Statement", "Extrato", "Tiliote", "Kontoudtog", "Laporan mutasi", "Выписка"),
    "member": ("Member", "Cliente", "Jäsen", "Medlem", "Anggota", "Участник"),
    "number": ("Member number", "Número de cliente", "Jäsennumero", "Medlemsnummer", "Nomor anggota",
               "Номер участника"),
    "range": ("From {start} to {end}", "De {start} a {end}", "{start} – {end}", "Fra {start} til {end}",
              "Dari {start} sampai {end}", "С {start} по {end}"),
    "everything": ("Everything so far", "Tudo até agora", "Kaikki tähän asti", "Alt indtil nu", "Semua sampai sekarang",
                   "Всё до сих пор"),
    "date": ("Date", "Data", "Päivä", "Dato", "Tanggal", "Дата"),
    "what": ("What", "O quê", "Tapahtuma", "Hvad", "Keterangan", "Операция"),
    "change": ("Amount", "Valor", "Summa", "Beløb", "Jumlah", "Сумма"),
    "pending": ("Pending", "Pendente", "Odottaa", "Afventer", "Tertunda", "Ожидает"),
    "available": ("Available", "Disponível", "Käytettävissä", "Til rådighed", "Tersedia", "Доступно"),
    "debt": ("To make up", "A compensar", "Kuitattavaa", "Skal udlignes", "Harus ditutup", "К зачёту"),
    "opening": ("Before", "Antes", "Alussa", "Før", "Sebelumnya", "До начала"),
    "closing": ("After", "Depois", "Lopussa", "Efter", "Sesudahnya", "В конце"),
    "none": ("Nothing moved in this time.", "Nada mudou neste período.", "Ei tapahtumia tällä välillä.",
             "Der skete intet i denne tid.", "Tidak ada mutasi pada masa ini.", "За это время ничего не изменилось."),
    "adds_up": (
        "Checked: what was before and every line add up to what is after.",
        "Conferido: o que havia antes mais cada linha dá o que há depois.",
        "Tarkistettu: alkusaldo ja jokainen rivi ovat yhteensä loppusaldo.",
        "Kontrolleret: det, der var før, og hver linje giver det, der er efter.",
        "Sudah diperiksa: saldo sebelumnya dan setiap baris sama dengan saldo sesudahnya.",
        "Проверено: то, что было до начала, и все строки дают то, что в конце.",
    ),
    "page": ("Page {page} of {pages}", "Página {page} de {pages}", "Sivu {page}/{pages}", "Side {page} af {pages}",
             "Halaman {page} dari {pages}", "Страница {page} из {pages}"),
    "made": ("Made on {date}", "Feito em {date}", "Luotu {date}", "Lavet {date}", "Dibuat {date}", "Создано {date}"),
    "of_day": ("of {date}", "de {date}", "päivältä {date}", "fra {date}", "tanggal {date}", "от {date}"),
}  # fmt: skip


def language_of(tag: str) -> str:
    """The language of ours that is nearest to a tag such as `pt` or `en-US`; English where there is none."""
    wanted = tag.replace("_", "-").lower().split("-")[0]
    return next((known for known in LANGUAGES if known.lower().split("-")[0] == wanted), "en")


def word(name: str, language: str, **params: object) -> str:
    """A word or a sentence."""
    return WORDS[name][LANGUAGES.index(language)].format(**params)


def kind(name: MovementKind, language: str, *, given: bool = False, returned: bool = True) -> str:
    """What a movement was; a correction that gives and what a check took back have words of their own."""
    words = KINDS[name]
    if name == "adjustment" and given:
        words = _GIVEN
    elif name == "clawback" and not returned:
        words = _CHECKED
    return words[LANGUAGES.index(language)]
