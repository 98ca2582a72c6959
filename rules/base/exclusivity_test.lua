local ural = { id = "region-66", code = "66", name = "Урал" }

return {
    {
        name = "an exclusive keeps out who does not hold it, and names the holder",
        given = {
            region = ural,
            restriction = {
                kind = "exclusive",
                name = "Эксклюзив Iris — Урал",
                in_region = true,
                holder_name = "ООО «Мозаика»",
            },
        },
        expect = {
            verdict = "deny",
            reasons = { { params = { restriction = "Эксклюзив Iris — Урал", holder = "ООО «Мозаика»" } } },
        },
        because = { "exclusive" },
    },
    {
        name = "the holder buys",
        given = { region = ural, restriction = { kind = "exclusive", in_region = true, holder = true } },
        expect = { verdict = "allow" },
    },
    {
        name = "outside its region an exclusive keeps nobody out",
        given = { region = ural, restriction = { kind = "exclusive" } },
        expect = { verdict = "allow" },
    },
    {
        name = "a ban holds for holders too",
        given = { region = ural, restriction = { kind = "ban", in_region = true, holder = true } },
        because = { "banned" },
    },
    {
        name = "outside its region a ban does not hold",
        given = { region = ural, restriction = { kind = "ban" } },
        expect = { verdict = "allow" },
    },
    {
        name = "a dealer without a region is kept out by what is bound to regions",
        given = { restriction = { kind = "exclusive" } },
        because = { "exclusive" },
    },
    {
        name = "what names no region holds everywhere",
        given = { restriction = { kind = "ban", everywhere = true, in_region = true } },
        because = { "banned" },
    },
}
