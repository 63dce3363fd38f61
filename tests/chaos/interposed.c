/* Put between a program and the C library (LD_PRELOAD): counts the calls that change files below one directory,
 * and dies or fails at one of them; moves the wall clock. Must never act outside that directory.
 *
 * Environment (each part is off without its variable):
 *   STEPS_BELOW   only calls on paths that begin with this count
 *   STEPS_LOG     a file that gets one line per counted call: number, name, path
 *   STEPS_KILL    N: SIGKILL instead of call N; -N: half of call N, if it writes, and then SIGKILL
 *   STEPS_FAIL    N:ERRNO or N:ERRNO:COUNT: call N (and those after it, COUNT in all; 0 is no end) fails so
 *   STEPS_REFUSE  NAMES:ERRNO: every call of these names, separated by commas, fails so; it counts all the same
 *   STEPS_ONLY    names of calls, separated by commas: only these count
 *   CLOCK_SHIFT   a file of eight bytes, a double: seconds added to the wall clock, looked at anew by each call
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))next(#name))

static const char *below, *only, *refused;
static size_t below_length;
static long kill_at, fail_at, fail_count = 1;
static int fail_error, refused_error, log_descriptor = -1;
static atomic_long steps;
static const volatile double *shift;

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("STEPS_BELOW");
    if (text) {
        below = strdup(text);
        below_length = strlen(below);
    }
    if ((text = getenv("STEPS_ONLY")))
        only = strdup(text);
    if ((text = getenv("STEPS_REFUSE"))) {
        char *words = strdup(text), *colon = strchr(words, ':');
        if (colon) {
            *colon = 0;
            refused_error = atoi(colon + 1);
            refused = words;
        }
    }
    if ((text = getenv("STEPS_KILL")))
        kill_at = atol(text);
    if ((text = getenv("STEPS_FAIL")))
        sscanf(text, "%ld:%d:%ld", &fail_at, &fail_error, &fail_count);
    if ((text = getenv("STEPS_LOG")))
        log_descriptor = syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if ((text = getenv("CLOCK_SHIFT"))) {
        int descriptor = syscall(SYS_openat, AT_FDCWD, text, O_RDONLY | O_CLOEXEC, 0);
        void *page = mmap(NULL, sizeof(double), PROT_READ, MAP_SHARED, descriptor, 0);
        if (page != MAP_FAILED)
            shift = page;
        syscall(SYS_close, descriptor);
    }
}

static int is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    const char *found = list;
    while ((found = strstr(found, name))) {
        if ((found == list || found[-1] == ',') && (found[length] == ',' || !found[length]))
            return 1;
        found += length;
    }
    return 0;
}

/* What becomes of a call: 0 it is done, 1 it fails (errno is set), 2 it is half done and then all is over. */
static int step(const char *name, const char *path)
{
    char line[PATH_MAX + 64];
    int is_refused = refused && is_listed(refused, name);
    if (!below || !path || strncmp(path, below, below_length))
        return 0;
    if (only && !is_listed(only, name)) {
        if (is_refused)
            errno = refused_error;
        return is_refused;
    }
    long number = ++steps;
    if (log_descriptor >= 0) {
        int size = snprintf(line, sizeof line, "%ld %s %s\n", number, name, path);
        syscall(SYS_write, log_descriptor, line, size);
    }
    if (number == kill_at)
        syscall(SYS_kill, getpid(), SIGKILL);
    if (number == -kill_at)
        return 2;
    if (fail_at && number >= fail_at && (!fail_count || number < fail_at + fail_count)) {
        errno = fail_error;
        return 1;
    }
    if (is_refused)
        errno = refused_error;
    return is_refused;
}

static int step_on(const char *name, int descriptor)
{
    char link[64], path[PATH_MAX];
    if (!below)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return step(name, path);
}

static void die(void)
{
    syscall(SYS_kill, getpid(), SIGKILL);
}

/* Opening counts where it may create. */

#define OPEN(name)                                                                                                 \
    int name(const char *path, int flags, ...)                                                                     \
    {                                                                                                              \
        va_list list;                                                                                              \
        va_start(list, flags);                                                                                     \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0;                                  \
        va_end(list);                                                                                              \
        if (flags & O_CREAT && step("open", path))                                                                 \
            return -1;                                                                                             \
        return REAL(name)(path, flags, mode);                                                                      \
    }
#define OPENAT(name)                                                                                               \
    int name(int directory, const char *path, int flags, ...)                                                      \
    {                                                                                                              \
        va_list list;                                                                                              \
        va_start(list, flags);                                                                                     \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0;                                  \
        va_end(list);                                                                                              \
        if (flags & O_CREAT && step("open", path))                                                                 \
            return -1;                                                                                             \
        return REAL(name)(directory, path, flags, mode);                                                           \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

/* Writing. */

ssize_t write(int descriptor, const void *data, size_t size)
{
    int fate = step_on("write", descriptor);
    if (fate == 1)
        return -1;
    ssize_t written = REAL(write)(descriptor, data, fate ? size / 2 : size);
    if (fate)
        die();
    return written;
}

#define PWRITE(name, offset_type)                                                                                  \
    ssize_t name(int descriptor, const void *data, size_t size, offset_type offset)                                \
    {                                                                                                              \
        int fate = step_on("pwrite", descriptor);                                                                  \
        if (fate == 1)                                                                                             \
            return -1;                                                                                             \
        ssize_t written = REAL(name)(descriptor, data, fate ? size / 2 : size, offset);                            \
        if (fate)                                                                                                  \
            die();                                                                                                 \
        return written;                                                                                            \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

/* Calls on a descriptor that are done or not. */

#define WHOLE(name, word, parameters, arguments)                                                                   \
    int name parameters                                                                                            \
    {                                                                                                              \
        int fate = step_on(word, descriptor);                                                                      \
        if (fate == 2)                                                                                             \
            die();                                                                                                 \
        return fate ? -1 : REAL(name) arguments;                                                                   \
    }
WHOLE(fsync, "fsync", (int descriptor), (descriptor))
WHOLE(fdatasync, "fsync", (int descriptor), (descriptor))
WHOLE(ftruncate, "truncate", (int descriptor, off_t size), (descriptor, size))
WHOLE(ftruncate64, "truncate", (int descriptor, off64_t size), (descriptor, size))

/* Calls on names. */

#define NAMED(name, word, path, parameters, arguments)                                                             \
    int name parameters                                                                                            \
    {                                                                                                              \
        int fate = step(word, path);                                                                               \
        if (fate == 2)                                                                                             \
            die();                                                                                                 \
        return fate ? -1 : REAL(name) arguments;                                                                   \
    }
NAMED(link, "link", to, (const char *from, const char *to), (from, to))
NAMED(linkat, "link", to, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags))
NAMED(unlink, "unlink", path, (const char *path), (path))
NAMED(unlinkat, "unlink", path, (int at, const char *path, int flags), (at, path, flags))
NAMED(rename, "rename", to, (const char *from, const char *to), (from, to))
NAMED(renameat, "rename", to, (int a, const char *from, int b, const char *to), (a, from, b, to))
NAMED(renameat2, "renameat2", to, (int a, const char *from, int b, const char *to, unsigned f), (a, from, b, to, f))
NAMED(mkdir, "mkdir", path, (const char *path, mode_t mode), (path, mode))

/* The wall clock. */

int clock_gettime(clockid_t which, struct timespec *result)
{
    int answer = syscall(SYS_clock_gettime, which, result);
    if (!answer && shift && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) {
        double seconds = *shift;
        result->tv_sec += (time_t)seconds;
    }
    return answer;
}

int gettimeofday(struct timeval *restrict result, void *restrict zone)
{
    struct timespec now;
    int answer = clock_gettime(CLOCK_REALTIME, &now);
    (void)zone;
    result->tv_sec = now.tv_sec;
    result->tv_usec = now.tv_nsec / 1000;
    return answer;
}

time_t time(time_t *result)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result)
        *result = now.tv_sec;
    return now.tv_sec;
}
