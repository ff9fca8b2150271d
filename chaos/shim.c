/* Preloaded into the server (and into PostgreSQL): two faults that no program can make by itself.
 *
 * CHAOS_CLOCK=file    eight bytes, seconds by which the clock of the day is moved; the monotonic clock stays.
 * CHAOS_JOURNAL=file  every write, cut, rename, removal and sync below CHAOS_ROOT is written down in order, so that the
 *                     files can be made again as a power cut would have left them at any moment (see chaos/power.py).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int journal = -1;
static const char *root;
static size_t root_length;
static volatile int64_t *shift;
static int (*real_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    real_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    const char *clock_file = getenv("CHAOS_CLOCK"), *journal_file = getenv("CHAOS_JOURNAL");
    if (clock_file) {
        int file = open(clock_file, O_RDONLY | O_CLOEXEC);
        void *at = file < 0 ? MAP_FAILED : mmap(NULL, 8, PROT_READ, MAP_SHARED, file, 0);
        if (at != MAP_FAILED) shift = at;
        if (file >= 0) close(file);
    }
    root = getenv("CHAOS_ROOT");
    if (root) root = strdup(root); /* PostgreSQL writes its titles over the environment */
    if (journal_file && root) {
        root_length = strlen(root);
        int low = open(journal_file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
        if (low >= 0) { /* out of the way of programs that close what they don't know */
            journal = fcntl(low, F_DUPFD_CLOEXEC, 900);
            close(low);
        }
    }
}

int clock_gettime(clockid_t id, struct timespec *at) {
    if (!real_gettime) real_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    int done = real_gettime(id, at);
    if (done == 0 && shift && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) at->tv_sec += *shift;
    return done;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}

/* One record: what, lengths of two names and of the data, place in the file, moment; then names and data. One write,
 * so that records of several processes never mix (a file opened with O_APPEND). */
struct head {
    char what;
    uint16_t name, other;
    uint32_t data;
    int64_t place;
    double at;
} __attribute__((packed));

static int ours(const char *path) { return path && !strncmp(path, root, root_length) && path[root_length] == '/'; }

static void note(char what, const char *path, const char *other, int64_t place, const struct iovec *parts, int count,
                 size_t length) {
    static ssize_t (*put)(int, const struct iovec *, int);
    if (!put) put = dlsym(RTLD_NEXT, "writev");
    struct timespec now;
    real_gettime(CLOCK_MONOTONIC, &now);
    struct head first = {what, strlen(path), other ? strlen(other) : 0, length, place, now.tv_sec + now.tv_nsec / 1e9};
    struct iovec all[64] = {{&first, sizeof first}, {(void *)path, first.name}, {(void *)other, first.other}};
    int used = 3;
    size_t left = length;
    for (int n = 0; n < count && used < 64 && left; n++) {
        size_t take = parts[n].iov_len < left ? parts[n].iov_len : left;
        all[used].iov_base = parts[n].iov_base;
        all[used++].iov_len = take;
        left -= take;
    }
    int kept = errno;
    if (put(journal, all, used) < 0) abort(); /* a journal with a hole would prove nothing */
    errno = kept;
}

/* The path of an open regular file below the root, or NULL. */
static const char *of(int file, char *path) {
    if (journal < 0 || file == journal) return NULL;
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return NULL;
    path[length] = 0;
    return ours(path) ? path : NULL;
}

static void wrote(int file, int64_t place, const struct iovec *parts, int count, ssize_t length) {
    char path[PATH_MAX];
    if (length > 0 && of(file, path)) note('W', path, NULL, place, parts, count, length);
}

static int64_t place_of(int file) { /* where the next write goes */
    if (journal < 0) return 0;
    if (fcntl(file, F_GETFL) & O_APPEND) {
        struct stat is;
        return fstat(file, &is) ? 0 : is.st_size;
    }
    int64_t place = lseek(file, 0, SEEK_CUR);
    return place < 0 ? 0 : place;
}

#define REAL(name) static typeof(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)

ssize_t write(int file, const void *data, size_t length) {
    REAL(write);
    if (journal < 0) return real(file, data, length);
    int kept = errno;
    int64_t place = place_of(file);
    errno = kept;
    ssize_t done = real(file, data, length);
    struct iovec part = {(void *)data, length};
    wrote(file, place, &part, 1, done);
    return done;
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    REAL(writev);
    if (journal < 0) return real(file, parts, count);
    int64_t place = place_of(file);
    ssize_t done = real(file, parts, count);
    wrote(file, place, parts, count, done);
    return done;
}

#define PWRITE(name)                                                          \
    ssize_t name(int file, const void *data, size_t length, off_t place) {    \
        REAL(name);                                                           \
        ssize_t done = real(file, data, length, place);                       \
        struct iovec part = {(void *)data, length};                           \
        wrote(file, place, &part, 1, done);                                   \
        return done;                                                          \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

#define PWRITEV(name)                                                             \
    ssize_t name(int file, const struct iovec *parts, int count, off_t place) {   \
        REAL(name);                                                               \
        ssize_t done = real(file, parts, count, place);                           \
        wrote(file, place, parts, count, done);                                   \
        return done;                                                              \
    }
PWRITEV(pwritev)
PWRITEV(pwritev64)

#define CUT(name)                                                                              \
    int name(int file, off_t length) {                                                         \
        REAL(name);                                                                            \
        char path[PATH_MAX];                                                                   \
        int done = real(file, length);                                                         \
        if (done == 0 && of(file, path)) note('T', path, NULL, length, NULL, 0, 0);            \
        return done;                                                                           \
    }
CUT(ftruncate)
CUT(ftruncate64)

#define GROW(name)                                                                             \
    int name(int file, off_t place, off_t length) {                                            \
        REAL(name);                                                                            \
        char path[PATH_MAX];                                                                   \
        int done = real(file, place, length);                                                  \
        if (done == 0 && of(file, path)) note('G', path, NULL, place + length, NULL, 0, 0);    \
        return done;                                                                           \
    }
GROW(posix_fallocate)
GROW(posix_fallocate64)

#define SYNC(name)                                                                             \
    int name(int file) {                                                                       \
        REAL(name);                                                                            \
        char path[PATH_MAX];                                                                   \
        int done = real(file);                                                                 \
        if (done == 0 && of(file, path)) note('S', path, NULL, 0, NULL, 0, 0);                 \
        return done;                                                                           \
    }
SYNC(fsync)
SYNC(fdatasync)

static const char *whole(const char *path, char *room) { /* an absolute path */
    if (path[0] == '/') return path;
    if (!getcwd(room, PATH_MAX)) return path;
    strncat(room, "/", PATH_MAX - strlen(room) - 1);
    strncat(room, path, PATH_MAX - strlen(room) - 1);
    return room;
}

static void moved(char what, const char *from, const char *to) {
    char first[PATH_MAX], second[PATH_MAX];
    if (journal < 0) return;
    from = whole(from, first);
    to = to ? whole(to, second) : NULL;
    if (ours(from) || ours(to)) note(what, from, to, 0, NULL, 0, 0);
}

int rename(const char *from, const char *to) {
    REAL(rename);
    int done = real(from, to);
    if (done == 0) moved('R', from, to);
    return done;
}

int link(const char *from, const char *to) {
    REAL(link);
    int done = real(from, to);
    if (done == 0) moved('L', from, to);
    return done;
}

int unlink(const char *path) {
    REAL(unlink);
    int done = real(path);
    if (done == 0) moved('U', path, NULL);
    return done;
}

/* Opening may make or cut a file, and the folder of a new one may be new. */
static void opened(int file, int flags, int was) {
    char path[PATH_MAX];
    if (file < 0 || journal < 0 || !(flags & (O_CREAT | O_TRUNC)) || !of(file, path)) return;
    if (flags & O_TRUNC) note('T', path, NULL, 0, NULL, 0, 0);
    else if (!was) note('C', path, NULL, 0, NULL, 0, 0);
}

#define OPEN(name)                                                                             \
    int name(const char *path, int flags, ...) {                                               \
        REAL(name);                                                                            \
        va_list more;                                                                          \
        va_start(more, flags);                                                                 \
        mode_t mode = va_arg(more, mode_t);                                                    \
        va_end(more);                                                                          \
        int was = journal >= 0 && (flags & O_CREAT) && !access(path, F_OK);                    \
        int file = real(path, flags, mode);                                                    \
        opened(file, flags, was);                                                              \
        return file;                                                                           \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                           \
    int name(int folder, const char *path, int flags, ...) {                                   \
        REAL(name);                                                                            \
        va_list more;                                                                          \
        va_start(more, flags);                                                                 \
        mode_t mode = va_arg(more, mode_t);                                                    \
        va_end(more);                                                                          \
        int was = journal >= 0 && (flags & O_CREAT) && !faccessat(folder, path, F_OK, 0);      \
        int file = real(folder, path, flags, mode);                                            \
        opened(file, flags, was);                                                              \
        return file;                                                                           \
    }
OPENAT(openat)
OPENAT(openat64)
