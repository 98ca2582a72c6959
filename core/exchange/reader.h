/* Reads one CommerceML file as a stream and gives its records away one by one, in constant memory. (expat is
 * seen by this file alone; walk.h knows what the tags mean.) It routes by content, never by file name, knows
 * every version from 2.03 on by local names, and decides the encoding by the bytes: UTF-8 with or without
 * BOM, windows-1251.
 *
 * Threads: one reader belongs to one thread. Errors: FAULT_FILE_READ; FAULT_XML_* and FAULT_COMMERCEML_* with
 * the line: what is not XML, is cut off, has a DOCTYPE, is nested or sized beyond any honest file, or is not
 * CommerceML 2. */
#ifndef KABINET_EXCHANGE_READER_H
#define KABINET_EXCHANGE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct element;
struct fault;

/* What a record is about. A list's head comes before its records, its end after them: only then is a complete
 * list known to be complete. A head holds the attributes of its element and the children before the first
 * record or list in it; what follows those is passed over, and so are Категории. */
enum record_kind {
    RECORD_CLASSIFIER = 1, /* Классификатор without its lists */
    RECORD_GROUP,          /* Группа, without its subgroups; parent: the GUID above, or "" */
    RECORD_PROPERTY,
    RECORD_UNIT,
    RECORD_PRICE_TYPE,
    RECORD_WAREHOUSE,
    RECORD_CATALOGUE, /* head of Каталог */
    RECORD_GOODS,     /* Товар */
    RECORD_PACKAGE, /* head of ПакетПредложений or ИзмененияПакетаПредложений */
    RECORD_OFFER,        /* Предложение */
    RECORD_LEGAL_ENTITY, /* Контрагент of Контрагенты at the top */
    RECORD_REGION,
    RECORD_AGREEMENT,
    RECORD_CONTRACT,
    RECORD_RECEIPT, /* Поступление of ОжидаемыеПоступления */
    RECORD_RESTRICTION,
    RECORD_RESERVE,  /* Резерв of Резервы */
    RECORD_DOCUMENT, /* Документ, of a Контейнер or at the top */
    RECORD_LIST,     /* head of one of the lists of the extension: its element without records */
    RECORD_END,      /* the end of what the last head began */
    RECORD_COUNT,    /* last */
};

/* What the file as a whole is, for the journal: the first list that settles it. */
enum file_kind {
    FILE_KIND_CLASSIFIER = 1, /* Классификатор alone */
    FILE_KIND_IMPORT,         /* Каталог, with goods or without */
    FILE_KIND_OFFERS,         /* a package that is neither of the next two */
    FILE_KIND_PRICES,         /* a package whose offers have prices and no quantities */
    FILE_KIND_RESTS,          /* the other way round */
    FILE_KIND_COUNTERPARTIES,
    FILE_KIND_REGIONS,
    FILE_KIND_AGREEMENTS,
    FILE_KIND_CONTRACTS,
    FILE_KIND_SUPPLY,
    FILE_KIND_RESTRICTIONS,
    FILE_KIND_RESERVES,
    FILE_KIND_DOCUMENTS,
};

/* Whether the stock figures of a file are less 1C's reserves. */
enum file_stock { FILE_STOCK_UNSAID = 0, FILE_STOCK_NET, FILE_STOCK_WHOLE };

struct file_facts {
    enum file_kind kind;
    char version[16];      /* ВерсияСхемы as written; "" if none */
    const char *encoding;  /* "UTF-8" or "windows-1251": what the bytes are */
    char formed[40];       /* ДатаФормирования as written; "" if none */
    enum file_stock stock; /* УчетРезервов of the root */
    bool changes_only;     /* СодержитТолькоИзменения of the first list that says it */
    bool has_prices;       /* some offer has a price; */
    bool
        has_quantities; /* some offer has a quantity: what no offer has, a whole package says nothing about */
    int64_t records;    /* those that count as read: goods, offers, records of the extension's lists */
    int64_t lines;
};

extern const char *const file_kind_names[]; /* "import", "offers", "prices", ... by enum file_kind */

/* Called for each record, in the order of the file. The element dies when it returns. False stops the
 * reading: the taker has then set the fault that reader_read was given. */
typedef bool reader_take(void *context, enum record_kind kind, const char *parent,
                         const struct element *element);

/* Reads the file from start to end. False with <fault> where it is not whole and sound; what was taken before
 * must then not be applied. */
bool reader_read(const char *path, reader_take *take, void *context, struct file_facts *facts,
                 struct fault *fault);

#endif
