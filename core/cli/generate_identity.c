#include "cli/generate_identity.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#define DIGEST_BYTES 16

/* Other programs that hash the same names get other GUIDs. */
static const char space[] = "kabinet generate";
_Static_assert(sizeof space - 1 >= crypto_generichash_KEYBYTES_MIN, "long enough for a key");

static void digest(const char *owner, const char *kind, const char *name, unsigned char bytes[DIGEST_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, (const unsigned char *)space, sizeof space - 1, DIGEST_BYTES);
    /* Each with its NUL, so that ("ab", "c") is not ("a", "bc"). */
    crypto_generichash_update(&state, (const unsigned char *)owner, strlen(owner) + 1);
    crypto_generichash_update(&state, (const unsigned char *)kind, strlen(kind) + 1);
    crypto_generichash_update(&state, (const unsigned char *)name, strlen(name) + 1);
    crypto_generichash_final(&state, bytes, DIGEST_BYTES);
}

void identity_guid(const char *owner, const char *kind, const char *name, char guid[IDENTITY_GUID_SIZE])
{
    unsigned char b[DIGEST_BYTES];
    digest(owner, kind, name, b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(guid, IDENTITY_GUID_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
             b[15]);
}

int64_t identity_pick(const char *purpose, const char *name, int64_t bound)
{
    unsigned char bytes[DIGEST_BYTES];
    uint64_t word = 0;
    assert(bound > 0);
    digest("", purpose, name, bytes);
    for (int i = 0; i < 8; i++) /* not by memcpy: machines differ in byte order */
        word = word << 8 | bytes[i];
    return (int64_t)(word % (uint64_t)bound);
}

void identity_barcode(int64_t number, char barcode[IDENTITY_BARCODE_SIZE])
{
    int sum = 0;
    assert(number >= 0 && number < INT64_C(10000000000));
    snprintf(barcode, IDENTITY_BARCODE_SIZE, "20%010" PRId64, number);
    for (int i = 0; i < 12; i++)
        sum += (barcode[i] - '0') * (i % 2 ? 3 : 1);
    barcode[12] = (char)('0' + (10 - sum % 10) % 10);
    barcode[13] = 0;
}

/* The check digit over <count> digits; <weights> ends with the weight of the last of them. */
static char inn_digit(const char *text, int count)
{
    static const int weights[] = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
    const int *weight = weights + (int)(sizeof weights / sizeof weights[0]) - count;
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += (text[i] - '0') * weight[i];
    return (char)('0' + sum % 11 % 10);
}

bool identity_inn_valid(const char *text)
{
    size_t length = strspn(text, "0123456789");
    if (text[length])
        return false;
    if (length == 10)
        return text[9] == inn_digit(text, 9);
    return length == 12 && text[10] == inn_digit(text, 10) && text[11] == inn_digit(text, 11);
}
