/* A storage that dies: SQLite's own files, until a write that was chosen beforehand stops the process in its
 * middle, as kill -9 would. For the simulator's agent alone, which is one process a life. */
#ifndef KABINET_SIM_MORTAL_H
#define KABINET_SIM_MORTAL_H

/* What the process ends with when its storage dies. */
#define MORTAL_EXIT 137

/* Puts itself between SQLite and the system, for every database opened afterwards. */
void mortal_install(void);

/* The process ends in the middle of the <writes>-th write from now; 0: it does not. */
void mortal_after(long writes);

#endif
