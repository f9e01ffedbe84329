// Loaded into a relay (LD_PRELOAD): the process crashes, by a fault of its own, once the file named by CRASH_WHEN exists. The
// file is removed first, so that the next process lives until it is made again.
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void *watch(void *file) {
    const struct timespec pause = {0, 5000000};
    while (unlink(file) != 0) nanosleep(&pause, NULL);
    *(volatile int *)0 = 0;
    return NULL;
}

__attribute__((constructor)) static void begin(void) {
    pthread_t thread;
    if (getenv("CRASH_WHEN")) pthread_create(&thread, NULL, watch, getenv("CRASH_WHEN"));
}
