"""Plain terms, for a programme that has written none of its own."""

from __future__ import annotations

PLAIN = {
    "en": (
        "{programme} gives you back part of what you pay. What you earn is yours to spend here until it expires; "
        "it is not money that you can be paid out. A purchase that you return takes back what it earned. "
        "We store your contact, your purchases and what you earned with them, and nothing that you did not allow. "
        "You may see all of it, take it along and leave at any time; what you have not spent by then is lost."
    ),
    "pt-BR": (
        "{programme} devolve a você uma parte do que você paga. O que você ganha é seu para gastar aqui até vencer; "
        "não é dinheiro que possa ser sacado. Uma compra devolvida leva de volta o que rendeu. "
        "Guardamos seu contato, suas compras e o que renderam, e nada que você não tenha permitido. "
        "Você pode ver tudo, levar tudo e sair quando quiser; o que não tiver gasto até lá se perde."
    ),
    "fi": (
        "{programme} antaa sinulle takaisin osan siitä, mitä maksat. Kertyneen hyvityksen voit käyttää täällä, kunnes "
        "se vanhenee; sitä ei voi nostaa rahana. Jos palautat ostoksen, siitä kertynyt hyvitys perutaan. "
        "Säilytämme yhteystietosi, ostoksesi ja niistä kertyneen hyvityksen, emmekä mitään, mihin et ole antanut "
        "lupaa. Voit milloin vain nähdä kaiken, ottaa sen mukaasi ja erota; käyttämätön hyvitys häviää silloin."
    ),
    "da": (
        "{programme} giver dig en del af det, du betaler, tilbage. Det, du optjener, kan du bruge her, til det "
        "udløber; det kan ikke udbetales. Returnerer du et køb, trækkes det, det gav, tilbage. "
        "Vi gemmer din kontakt, dine køb og det, de gav, og intet, du ikke har tilladt. "
        "Du kan når som helst se det hele, tage det med og melde dig ud; det, du ikke har brugt inden da, går tabt."
    ),
    "id": (
        "{programme} mengembalikan sebagian dari yang Anda bayar. Yang Anda dapat bisa dipakai di sini sampai "
        "kedaluwarsa; tidak bisa diuangkan. Jika Anda mengembalikan pembelian, cashback-nya ditarik kembali. "
        "Kami menyimpan kontak, pembelian, dan cashback Anda, dan tidak ada yang tidak Anda izinkan. "
        "Anda bisa melihat semuanya, membawanya, dan berhenti kapan saja; yang belum dipakai saat itu hilang."
    ),
    "ru": (
        "{programme} возвращает вам часть того, что вы платите. Полученный кешбэк можно тратить здесь, пока он не "
        "сгорит; деньгами его не выплачивают. Если вы вернёте покупку, кешбэк за неё спишется. "
        "Мы храним ваш контакт, ваши покупки и кешбэк за них и ничего, на что вы не дали согласия. "
        "Вы можете в любой момент посмотреть всё это, забрать с собой и уйти; не потраченное к тому времени пропадёт."
    ),
}
