/* Preloaded into a process, keeps a copy of every file under $KEEP_FROM as it was when it was last
 * synced, under $KEEP_TO. The copy is what a disk would hold after a power loss at the worst moment:
 * all that was synced and nothing that was not. The deletion of a file counts when its directory is
 * synced. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Forgets the files that are no longer in the directory. */
static void forget_deleted(const char *from, const char *to) {
    char name[4608];
    DIR *kept = opendir(to);
    if (!kept) abort();
    for (struct dirent *entry; (entry = readdir(kept));) {
        snprintf(name, sizeof name, "%s/%s", from, entry->d_name);
        if (entry->d_name[0] == '.' || access(name, F_OK) == 0) continue;
        snprintf(name, sizeof name, "%s/%s", to, entry->d_name);
        unlink(name);
    }
    closedir(kept);
}

static void keep(int fd) {
    char link[64], path[4096], kept[4200], part[4210], buffer[65536];
    const char *from = getenv("KEEP_FROM"), *to = getenv("KEEP_TO");
    struct stat file;
    if (!from || !to || fstat(fd, &file) != 0) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = 0;
    if (strncmp(path, from, strlen(from)) != 0) return;
    if (S_ISDIR(file.st_mode)) forget_deleted(from, to);
    if (!S_ISREG(file.st_mode)) return;
    snprintf(kept, sizeof kept, "%s/%s", to, strrchr(path, '/') + 1);
    snprintf(part, sizeof part, "%s.part", kept);
    int copy = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (copy < 0) abort();
    /* Reads through the descriptor that is there: closing another one would drop SQLite's locks. */
    off_t offset = 0;
    for (ssize_t got; (got = pread(fd, buffer, sizeof buffer, offset)) > 0; offset += got)
        if (write(copy, buffer, got) != got) abort();
    close(copy);
    if (rename(part, kept) != 0) abort();
}

int fsync(int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int result = real(fd);
    if (result == 0) keep(fd);
    return result;
}

int fdatasync(int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int result = real(fd);
    if (result == 0) keep(fd);
    return result;
}
