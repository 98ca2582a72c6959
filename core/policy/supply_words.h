/* The words in which both the configuration and the supply_plan rule say how a dealer is supplied.
 * Threads: constant data. */
#ifndef KABINET_POLICY_SUPPLY_WORDS_H
#define KABINET_POLICY_SUPPLY_WORDS_H

/* How a line is filled from several warehouses. */
enum supply_split {
    SPLIT_NONE = 0, /* from one: the first that gives all by the day, else the one that gives most */
    SPLIT_LINE,     /* from each in order, until it is full */
    SPLIT_COUNT,
};

/* How much of a quantity that is free a dealer is told. */
enum supply_display {
    DISPLAY_EXACT = 0,
    DISPLAY_STEPS,  /* between which of the configuration's steps it is */
    DISPLAY_YES_NO, /* whether there is any */
    DISPLAY_NONE,   /* nothing */
    DISPLAY_COUNT,
};

extern const char *const supply_split_names[SPLIT_COUNT];
extern const char *const supply_display_names[DISPLAY_COUNT];

/* Of a warehouse that says no handling of its own. */
#define HANDLING_DAYS_UNSAID (-1)

/* Half a year of work in the warehouse would be another kind of business. The kernel walks a calendar day by
 * day: with one working day a week it still ends. */
#define HANDLING_DAYS_MAX 60
#define HORIZON_DAYS_MAX  730

#endif
