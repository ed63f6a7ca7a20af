/* A process with one mapping of every kind that it can make, and one under every hint of madvise. It says what it made, a line
 * for each: "kind KIND START END" or "hint HINT START END" or "none KIND" where the kernel gives none; then "ready". It ends with
 * its input, so that nothing outlives the tests. Linked statically: it shares pages with nobody.
 *   anatomy FOLDER     FOLDER is for its files */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAGE = 4096, HUGE = 2 << 20 };

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

static char *room; /* what is left of a large reservation: mappings in it touch no other */
static int unit = 16;

static void touch(char *at, size_t pages, int write)
{
    for (size_t i = 0; i < pages; i++) {
        volatile char *byte = at + i * PAGE;
        if (write) *byte = 1;
        else (void)*byte;
    }
}

/* Each mapping has a size of its own, and a page of the reservation stays between two. */
static size_t next_size(void) { return (size_t)(unit += 3) * PAGE; }

static char *place(size_t size)
{
    char *at = room;
    room += size + PAGE;
    return at;
}

static void say(const char *what, const char *name, const char *at, size_t size)
{
    printf("%s %s %lx %lx\n", what, name, (unsigned long)at, (unsigned long)at + size);
}

/* A third of the pages is written, a third read, a third left alone. */
static void use(const char *kind, char *at, size_t size, int writable)
{
    if (at == MAP_FAILED) {
        printf("none %s\n", kind);
        return;
    }
    if (writable) touch(at, size / PAGE / 3, 1);
    touch(at + size / 3, size / PAGE / 3, 0);
    say("kind", kind, at, size);
}

static void map(const char *kind, int protection, int flags, int fd)
{
    size_t size = next_size();
    if (fd >= 0 && ftruncate(fd, (off_t)size) != 0) {
        printf("none %s\n", kind);
        return;
    }
    use(kind, mmap(place(size), size, protection, flags | MAP_FIXED, fd, 0), size, protection & PROT_WRITE);
    if (fd >= 0) close(fd);
}

static int file(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0700);
}

static void heap(void)
{
    char *at = sbrk(300 * PAGE);
    touch(at, 200, 1);
    puts("heap");
}

static void stack(void)
{
    char frame[100 * PAGE];
    touch(frame, 100, 1);
    puts("stack");
}

static void segment(int huge)
{
    size_t size = huge ? HUGE : next_size();
    const char *kind = huge ? "hugetlb" : "sysv_shm";
    int id = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600 | (huge ? SHM_HUGETLB : 0));
    if (id < 0) {
        printf("none %s\n", kind);
        return;
    }
    char *at = shmat(id, NULL, 0);
    shmctl(id, IPC_RMID, NULL); /* it goes with this process */
    use(kind, at == (char *)-1 ? MAP_FAILED : at, size, 1);
}

/* The old way to get memory, by a private mapping of a device that is none. */
static void zeros(void)
{
    size_t size = next_size();
    int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);
    use("anon_private", mmap(place(size), size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0), size, 1);
    close(fd);
}

static void huge_pages(int flags, int fd)
{
    if (fd >= 0 && ftruncate(fd, HUGE) != 0) fd = -2;
    char *at = fd == -2 ? MAP_FAILED : mmap(NULL, HUGE, PROT_READ | PROT_WRITE, flags, fd, 0);
    use("hugetlb", at, HUGE, 1);
}

/* A ring of received packets: memory of the kernel, mapped into the program. Wants CAP_NET_RAW; nothing is received. */
static void device(void)
{
    struct tpacket_req ring = {.tp_block_size = 16 * PAGE, .tp_frame_size = PAGE, .tp_block_nr = 2, .tp_frame_nr = 32};
    int fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof ring) != 0) {
        puts("none device");
        return;
    }
    use("device", mmap(NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), 32 * PAGE, 1);
}

static void hints(void)
{
    static const struct { const char *name; int advice; } all[] = {
        {"sequential", MADV_SEQUENTIAL}, {"random", MADV_RANDOM}, {"hugepage", MADV_HUGEPAGE}, {"nohugepage", MADV_NOHUGEPAGE},
        {"dontfork", MADV_DONTFORK}, {"dontdump", MADV_DONTDUMP}, {"wipeonfork", MADV_WIPEONFORK}, {"mergeable", MADV_MERGEABLE},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        size_t size = next_size();
        char *at = mmap(place(size), size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        if (at == MAP_FAILED || madvise(at, size, all[i].advice) != 0) {
            printf("none %s\n", all[i].name);
            continue;
        }
        touch(at, 5, 1);
        say("kind", "anon_private", at, size);
        say("hint", all[i].name, at, size);
    }
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "/tmp";
    int rw = PROT_READ | PROT_WRITE;
    char name[64];
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0); /* small pages on every machine */
    room = mmap(NULL, 64 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    heap();
    stack();
    map("anon_private", rw, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    map("anon_shared", rw, MAP_SHARED | MAP_ANONYMOUS, -1);
    map("file_private", rw, MAP_PRIVATE, file(folder, "private"));
    map("file_private", PROT_READ | PROT_EXEC, MAP_PRIVATE, file(folder, "program"));
    map("file_shared", rw, MAP_SHARED, file(folder, "shared with a blank"));
    map("file_shared", PROT_READ, MAP_SHARED, file(folder, "line\nend"));
    snprintf(name, sizeof name, "/mapagent-anatomy-%d", (int)getpid());
    int shm = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    map("posix_shm", rw, MAP_SHARED, dup(shm));
    shm_unlink(name); /* unlinked while it is mapped; it is shared memory all the same */
    close(shm);
    segment(0);
    map("memfd", rw, MAP_SHARED, memfd_create("anatomy", MFD_CLOEXEC));
    map("jit", rw | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    map("jit", rw, MAP_SHARED, memfd_create("doublemapper", MFD_CLOEXEC));
    zeros();
    huge_pages(MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1);
    huge_pages(MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB, -1);
    huge_pages(MAP_SHARED, memfd_create("huge", MFD_CLOEXEC | MFD_HUGETLB));
    segment(1);
    device();
    hints();
    puts("ready");
    fflush(stdout);
    while (getchar() != EOF) {
    }
    return 0;
}
