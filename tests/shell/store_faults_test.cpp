// The store under faults: full and read-only disks, kill -9, and every commit that can fail.

#include <doctest/doctest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "shell/store_faulty.hpp"
#include "shell/store_memory.hpp"
#include "shell/store_sqlite.hpp"
#include "support/golden_records.hpp"
#include "support/store_history.hpp"
#include "support/temp_directory.hpp"

using namespace tocsin;
using namespace tocsin::shell;
using support::StoreHistory;
using support::TempDirectory;

namespace {

std::unique_ptr<Store> open_in(const std::string& directory) {
    auto store = open_sqlite(
        {.data_dir = directory, .install_id = "id", .retention = {}, .ballast_bytes = 256U << 10});
    REQUIRE_MESSAGE(store, (store ? "" : store.error().message));
    return std::move(*store);
}

/// A small file system of our own, seen by this process only; false where that is not allowed.
bool mount_small(const std::string& directory) {
    return ::unshare(CLONE_NEWNS) == 0 &&
           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("tmpfs", directory.c_str(), "tmpfs", 0, "size=3m,mode=0700") == 0;
}

/// Commits and writes one byte per acknowledged commit to `acknowledged`, until it is killed.
[[noreturn]] void commit_for_ever(const std::string& directory, int acknowledged) {
    auto store = open_sqlite({.data_dir = directory, .install_id = "id"});
    if (!store) ::_exit(1);
    auto state = (*store)->recover();
    if (!state) ::_exit(2);
    core::Counters counters = state->counters;
    while (true) {
        Batch batch;
        core::Verdict verdict = support::golden_verdict();
        verdict.id = ++counters.verdict;
        batch.verdicts.push_back(verdict);
        batch.counters = counters;
        if (!(*store)->commit(batch, 1)) ::_exit(3);
        if (::write(acknowledged, "a", 1) != 1) ::_exit(4);
        (*store)->maintain(verdict.at);
    }
}

}  // namespace

TEST_CASE("a full disk is an error that passes when there is room again, without a restart") {
    const TempDirectory directory;
    if (!mount_small(directory.path())) {
        MESSAGE("skipped: no file system can be mounted here");
        return;
    }
    StoreHistory history(11);
    {
        const auto store = open_in(directory.path());
        Status status;
        for (int commit = 0; commit < 5'000 && status; ++commit) {
            const Batch batch = history.batch(20);
            status = store->commit(batch, 1);
            if (status) history.committed(batch);
            store->maintain(batch.at);
        }
        REQUIRE_FALSE(status);
        CHECK(status.error().code == "disk_full");
        CHECK(support::rows_of(store->recover().value()) == history.expected());
        CHECK(std::filesystem::exists(directory.file(ballast_file)));
        CHECK(::mount("none", directory.path().c_str(), nullptr, MS_REMOUNT, "size=16m") == 0);
        REQUIRE(store->probe());
        const Batch batch = history.batch(20);
        REQUIRE(store->commit(batch, 1));
        history.committed(batch);
    }
    CHECK(support::rows_of(open_in(directory.path())->recover().value()) == history.expected());
    ::umount2(directory.path().c_str(), MNT_DETACH);
}

TEST_CASE("a read-only directory is named, with what to do") {
    const TempDirectory directory;
    if (!mount_small(directory.path())) {
        MESSAGE("skipped: no file system can be mounted here");
        return;
    }
    CHECK(::mount("none", directory.path().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, "") == 0);
    const auto store = open_sqlite({.data_dir = directory.path(), .install_id = "id"});
    REQUIRE_FALSE(store);
    CHECK(store.error().code == "read_only");
    CHECK(store.error().message.find("make it and its directory writable") != std::string::npos);
    ::umount2(directory.path().c_str(), MNT_DETACH);
}

TEST_CASE("every commit that was acknowledged before a kill -9 is there afterwards") {
    const TempDirectory directory;
    std::uint64_t acknowledged = 0;
    for (int round = 1; round <= 10; ++round) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) commit_for_ever(directory.path(), ends[1]);
        ::close(ends[1]);
        char byte = 0;
        for (int i = 0; i < 3 * round && ::read(ends[0], &byte, 1) == 1; ++i) ++acknowledged;
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        while (::read(ends[0], &byte, 1) == 1) ++acknowledged;
        ::close(ends[0]);
        const auto state = open_in(directory.path())->recover();
        REQUIRE(state);
        CHECK(acknowledged > 0);
        CHECK(state->counters.verdict >= acknowledged);
        acknowledged = state->counters.verdict;  // the unheard ones count from here on
    }
}

TEST_CASE("whichever commit fails, lies or ends the process, the disk holds whole batches") {
    using Kind = StoreFault::Kind;
    constexpr std::uint64_t commits = 12;
    for (const Kind kind : {Kind::fails, Kind::lies, Kind::crash_before, Kind::crash_after}) {
        for (std::uint64_t nth = 1; nth <= commits; ++nth) {
            CAPTURE(nth);
            auto disk = std::make_shared<MemoryDisk>();
            disk->install_id = "id";
            FaultyStore store(open_memory(disk), {{nth, {.kind = kind, .failing_probes = 2}}});
            StoreHistory history(nth);
            for (std::uint64_t commit = 1; commit <= nth; ++commit) {
                const Batch batch = history.batch(5);
                const bool written = store.commit(batch, 1).ok();
                CHECK(written == (commit != nth));
                const bool on_disk = kind == Kind::lies || kind == Kind::crash_after;
                if (written || on_disk) history.committed(batch);
            }
            const bool crash = kind == Kind::crash_before || kind == Kind::crash_after;
            CHECK(store.crashed() == crash);
            for (int probe = 0; probe < 2; ++probe) CHECK_FALSE(store.probe());
            CHECK(store.probe().ok() == !crash);
            const auto restarted = open_memory(disk)->recover();
            REQUIRE(restarted);
            CHECK(support::rows_of(*restarted) == history.expected());
        }
    }
}
