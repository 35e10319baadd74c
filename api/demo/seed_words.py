"""What the demo's campaigns are called in Finnish, Danish, Indonesian and Russian: name and terms."""

from __future__ import annotations

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "base": {
        "fi": ("Arjen hyvitys", "Jokaisesta ostoksesta, myymälässä ja verkossa."),
        "da": ("Cashback hver dag", "På alle køb, i butikken og online."),
        "id": ("Cashback setiap hari", "Untuk setiap pembelian, di toko dan online."),
        "ru": ("Кешбэк на каждый день", "За каждую покупку, в магазине и онлайн."),
    },
    "organic": {
        "fi": ("Vihreä hyvitys", "Kaikesta, missä on luomumerkki, 2 %:n lisäksi."),
        "da": ("Grøn cashback", "På alt med økologimærket, oven i de 2 %."),
        "id": ("Cashback hijau", "Untuk semua yang berlabel organik, di atas yang 2%."),
        "ru": ("Зелёный кешбэк", "На всё со знаком органики, сверх 2 %."),
    },
    "weekend-food": {
        "fi": (
            "Viikonlopun ruokaostokset",
            "Lauantaina ja sunnuntaina: 5 %, kun ostat ruokaa vähintään 100 R$, 10 % vähintään 200 R$, 15 % vähintään "
            "300 R$. Aktivoi ensin.",
        ),
        "da": (
            "Weekendens storindkøb",
            "Lørdag og søndag: 5 % fra 100 R$ madvarer, 10 % fra 200 R$, 15 % fra 300 R$. Aktivér først.",
        ),
        "id": (
            "Belanja akhir pekan",
            "Sabtu dan Minggu: 5% mulai R$100 makanan, 10% mulai R$200, 15% mulai R$300. Aktifkan dulu.",
        ),
        "ru": (
            "Покупки на выходных",
            "Суббота и воскресенье: 5 % от 100 R$ продуктов, 10 % от 200 R$, 15 % от 300 R$. Сначала включите.",
        ),
    },
    "bakery": {
        "fi": ("Tuoretta leipomosta", "Leipää, kakkuja ja pão de queijo -leipiä. Aktivoi ensin."),
        "da": ("Frisk fra bageren", "Brød, kager og pão de queijo. Aktivér først."),
        "id": ("Roti segar hari ini", "Roti, kue, dan pão de queijo. Aktifkan dulu."),
        "ru": ("Свежая выпечка", "Хлеб, торты и pão de queijo. Сначала включите."),
    },
    "web-five": {
        "fi": ("Verkkokaupan bonus", "Jokaisesta tilauksesta, joka on vähintään 80 R$."),
        "da": ("Webshopbonus", "For hver ordre på mindst 80 R$."),
        "id": ("Bonus toko online", "Untuk setiap pesanan mulai R$80."),
        "ru": ("Бонус интернет-магазина", "За каждый заказ от 80 R$."),
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
        "fi": ("Elektroniikkaviikot", "Enintään 50,00 R$ ostoksesta. Ei yhdisty muihin tarjouksiin."),
        "da": ("Elektronikuger", "Op til 50,00 R$ pr. køb. Kan ikke kombineres med andre tilbud."),
        "id": ("Pekan elektronik", "Hingga R$50,00 per pembelian. Tidak digabung dengan penawaran lain."),
        "ru": ("Недели электроники", "До 50,00 R$ за покупку. Не суммируется с другими акциями."),
    },
    "fruit-wednesday": {
        "fi": ("Hedelmäkeskiviikko", "Kaikista hedelmistä joka keskiviikko."),
        "da": ("Frugtonsdag", "På al frugt, hver onsdag."),
        "id": ("Rabu buah", "Untuk semua buah, setiap Rabu."),
        "ru": ("Фруктовая среда", "На все фрукты, каждую среду."),
    },
    "birthday": {
        "fi": ("Hyvää syntymäpäivää", "Syntymäpäiväsi viikolla, enintään 20,00 R$."),
        "da": ("Tillykke med fødselsdagen", "I ugen omkring din fødselsdag, op til 20,00 R$."),
        "id": ("Selamat ulang tahun", "Di minggu ulang tahun Anda, hingga R$20,00."),
        "ru": ("С днём рождения", "В неделю вашего дня рождения, до 20,00 R$."),
    },
    "welcome-web": {
        "fi": (
            "Tervetuloa verkkokauppaan",
            "Kun ensimmäinen ostoksesi on vähintään 50 R$:n tilaus verkkokaupasta.",
        ),
        "da": (
            "Velkommen til webshoppen",
            "Når dit første køb er en ordre på mindst 50 R$ i webshoppen.",
        ),
        "id": (
            "Selamat datang di toko online",
            "Jika pembelian pertama Anda adalah pesanan mulai R$50 di toko online.",
        ),
        "ru": (
            "Добро пожаловать онлайн",
            "Если первая покупка — заказ от 50 R$ в интернет-магазине.",
        ),
    },
}
