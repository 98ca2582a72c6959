/* The random port: ids, tokens, salts. Tests give a seeded one, so that a run can be repeated.
 * Threads: the system's source any; a seeded one belongs to one thread. Errors: none. */
#ifndef KABINET_BASE_RANDOM_H
#define KABINET_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    void (*fill)(struct random *random, void *bytes, size_t length);
    uint64_t state;
};

/* The kernel's cryptographic source. */
void random_system(struct random *random);

/* A repeatable sequence (splitmix64): never for secrets. */
void random_seeded(struct random *random, uint64_t seed);

static inline void random_fill(struct random *random, void *bytes, size_t length)
{
    random->fill(random, bytes, length);
}

uint64_t random_next(struct random *random);

/* A number in [0, bound), bound > 0; the tiny bias of a 64-bit remainder is accepted. */
uint64_t random_below(struct random *random, uint64_t bound);

/* A UUID of version 7 (RFC 9562): its first 48 bits are <time_ms>, so that neighbours in time are neighbours
 * in an index; the rest is random. */
#define UUID_TEXT_SIZE 37
void random_uuid(struct random *random, int64_t time_ms, char text[UUID_TEXT_SIZE]);

/* 32 random bytes as 64 hexadecimal digits: a session's secret. */
#define TOKEN_TEXT_SIZE 65
void random_token(struct random *random, char text[TOKEN_TEXT_SIZE]);

#endif
