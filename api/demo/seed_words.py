"""What the demo's campaigns are called in Finnish, Danish, Indonesian and Russian: name and terms."""

from __future__ import annotations

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "base": {
        "fi": ("2 % kaikesta", "Jokaisesta ostoksesta, myymälässä ja verkossa."),
        "da": ("2 % på alt", "På alle køb, i butikken og online."),
        "id": ("2% untuk semua", "Untuk setiap pembelian, di toko dan online."),
        "ru": ("2 % на всё", "За каждую покупку, в магазине и онлайн."),
    },
    "organic": {
        "fi": ("Vihreä hyvitys: 5 % luomusta", "Kaikesta, missä on luomumerkki, 2 %:n lisäksi."),
        "da": ("Grøn cashback: 5 % på økologi", "På alt med økologimærket, oven i de 2 %."),
        "id": ("Cashback hijau: 5% untuk organik", "Untuk semua yang berlabel organik, di atas yang 2%."),
        "ru": ("Зелёный кешбэк: 5 % на органику", "На всё со знаком органики, сверх 2 %."),
    },
    "weekend-food": {
        "fi": (
            "Viikonloppu: jopa 15 % ruoasta",
            "Lauantaina ja sunnuntaina: 5 %, kun ostat ruokaa vähintään 100 R$, 10 % vähintään 200 R$, 15 % vähintään "
            "300 R$. Aktivoi ensin.",
        ),
        "da": (
            "Weekend: op til 15 % på madvarer",
            "Lørdag og søndag: 5 % fra 100 R$ madvarer, 10 % fra 200 R$, 15 % fra 300 R$. Aktivér først.",
        ),
        "id": (
            "Akhir pekan: hingga 15% untuk makanan",
            "Sabtu dan Minggu: 5% mulai R$100 makanan, 10% mulai R$200, 15% mulai R$300. Aktifkan dulu.",
        ),
        "ru": (
            "Выходные: до 15 % на продукты",
            "Суббота и воскресенье: 5 % от 100 R$ продуктов, 10 % от 200 R$, 15 % от 300 R$. Сначала включите.",
        ),
    },
    "bakery": {
        "fi": ("10 % leipomosta", "Leipää, kakkuja ja pão de queijo -leipiä. Aktivoi ensin."),
        "da": ("10 % hos bageren", "Brød, kager og pão de queijo. Aktivér først."),
        "id": ("10% di bagian roti", "Roti, kue, dan pão de queijo. Aktifkan dulu."),
        "ru": ("10 % на выпечку", "Хлеб, торты и pão de queijo. Сначала включите."),
    },
    "web-five": {
        "fi": ("5,00 R$ takaisin verkkokaupasta", "Jokaisesta tilauksesta, joka on vähintään 80 R$."),
        "da": ("5,00 R$ tilbage i webshoppen", "For hver ordre på mindst 80 R$."),
        "id": ("R$5,00 kembali di toko online", "Untuk setiap pesanan mulai R$80."),
        "ru": ("5,00 R$ обратно в интернет-магазине", "За каждый заказ от 80 R$."),
    },
    "jardins-double": {
        "fi": ("Hyvitys tuplana: Jardins", "Muutaman päivän ajan kaikki Jardinsissa kertyvä lasketaan kahdesti."),
        "da": ("Dobbelt cashback i Jardins", "I nogle få dage tæller alt, hvad du optjener i Jardins, dobbelt."),
        "id": (
            "Cashback dua kali lipat di Jardins",
            "Selama beberapa hari, semua yang Anda dapat di Jardins dihitung dua kali.",
        ),
        "ru": ("Двойной кешбэк в Jardins", "Несколько дней весь кешбэк в Jardins считается вдвойне."),
    },
    "electronics": {
        "fi": ("20 % elektroniikasta", "Enintään 50,00 R$ ostoksesta. Ei yhdisty muihin tarjouksiin."),
        "da": ("20 % på elektronik", "Op til 50,00 R$ pr. køb. Kan ikke kombineres med andre tilbud."),
        "id": ("20% untuk elektronik", "Hingga R$50,00 per pembelian. Tidak digabung dengan penawaran lain."),
        "ru": ("20 % на электронику", "До 50,00 R$ за покупку. Не суммируется с другими акциями."),
    },
    "fruit-wednesday": {
        "fi": ("Hedelmäkeskiviikko: 8 %", "Kaikista hedelmistä joka keskiviikko."),
        "da": ("Frugtonsdag: 8 %", "På al frugt, hver onsdag."),
        "id": ("Rabu buah: 8%", "Untuk semua buah, setiap Rabu."),
        "ru": ("Фруктовая среда: 8 %", "На все фрукты, каждую среду."),
    },
    "birthday": {
        "fi": ("Hyvää syntymäpäivää: 10 %", "Syntymäpäiväsi viikolla, enintään 20,00 R$."),
        "da": ("Tillykke med fødselsdagen: 10 %", "I ugen omkring din fødselsdag, op til 20,00 R$."),
        "id": ("Selamat ulang tahun: 10%", "Di minggu ulang tahun Anda, hingga R$20,00."),
        "ru": ("С днём рождения: 10 %", "В неделю вашего дня рождения, до 20,00 R$."),
    },
    "welcome-web": {
        "fi": (
            "Tervetuloa: 10,00 R$ verkkokauppaan",
            "Kun ensimmäinen ostoksesi on vähintään 50 R$:n tilaus verkkokaupasta.",
        ),
        "da": (
            "Velkommen: 10,00 R$ for at begynde online",
            "Når dit første køb er en ordre på mindst 50 R$ i webshoppen.",
        ),
        "id": (
            "Selamat datang: R$10,00 untuk mulai online",
            "Jika pembelian pertama Anda adalah pesanan mulai R$50 di toko online.",
        ),
        "ru": (
            "Добро пожаловать: 10,00 R$ за первый заказ",
            "Если первая покупка — заказ от 50 R$ в интернет-магазине.",
        ),
    },
}
