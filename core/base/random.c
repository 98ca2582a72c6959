#include "base/random.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

static void system_fill(struct random *random, void *bytes, size_t length)
{
    (void)random;
    randombytes_buf(bytes, length);
}

static uint64_t splitmix(struct random *random)
{
    uint64_t z = (random->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void seeded_fill(struct random *random, void *bytes, size_t length)
{
    unsigned char *at = bytes;
    while (length > 0) {
        uint64_t word = splitmix(random);
        size_t piece = length < sizeof word ? length : sizeof word;
        memcpy(at, &word, piece);
        at += piece;
        length -= piece;
    }
}

void random_system(struct random *random)
{
    *random = (struct random){.fill = system_fill};
}

void random_seeded(struct random *random, uint64_t seed)
{
    *random = (struct random){.fill = seeded_fill, .state = seed};
}

uint64_t random_next(struct random *random)
{
    uint64_t word;
    random_fill(random, &word, sizeof word);
    return word;
}

uint64_t random_below(struct random *random, uint64_t bound)
{
    assert(bound > 0);
    return random_next(random) % bound;
}

void random_uuid(struct random *random, int64_t time_ms, char text[UUID_TEXT_SIZE])
{
    unsigned char b[16];
    random_fill(random, b, sizeof b);
    for (int i = 0; i < 6; i++)
        b[i] = (unsigned char)((uint64_t)time_ms >> (40 - 8 * i));
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x70);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(text, UUID_TEXT_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
             b[15]);
}

void random_token(struct random *random, char text[TOKEN_TEXT_SIZE])
{
    unsigned char bytes[(TOKEN_TEXT_SIZE - 1) / 2];
    random_fill(random, bytes, sizeof bytes);
    sodium_bin2hex(text, TOKEN_TEXT_SIZE, bytes, sizeof bytes);
}
