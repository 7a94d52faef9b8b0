// The store on disk: what was committed comes back, and a database that is not usable says why.

#include "shell/store_sqlite.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <span>
#include <vector>

#include "shell/store_sqlite_connection.hpp"
#include "shell/store_sqlite_schema.hpp"
#include "support/golden_records.hpp"
#include "support/shared_data.hpp"
#include "support/store_history.hpp"
#include "support/temp_directory.hpp"

using namespace tocsin;
using namespace tocsin::shell;
using support::StoreHistory;
using support::TempDirectory;

namespace {

SqliteOptions options_in(const TempDirectory& directory) {
    return {.data_dir = directory.path(), .install_id = "0123456789abcdef0123456789abcdef"};
}

std::unique_ptr<Store> open_in(const TempDirectory& directory) {
    auto store = open_sqlite(options_in(directory));
    REQUIRE_MESSAGE(store, (store ? "" : store.error().message));
    return std::move(*store);
}

/// Runs SQL beside the store, as a person with the sqlite3 shell would; the first value or "".
std::string sql(const TempDirectory& directory, const std::string& text) {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(directory.file(database_file).c_str(), &handle) == SQLITE_OK);
    std::string first;
    const auto keep = [](void* out, int, char** values, char**) {
        auto& value = *static_cast<std::string*>(out);
        if (value.empty() && values[0] != nullptr) value = values[0];
        return 0;
    };
    CHECK(sqlite3_exec(handle, text.c_str(), keep, &first, nullptr) == SQLITE_OK);
    sqlite3_close(handle);
    return first;
}

void expect_refusal(const TempDirectory& directory, const std::string& code,
                    const std::string& words) {
    const auto store = open_sqlite(options_in(directory));
    REQUIRE_FALSE(store);
    CHECK(store.error().code == code);
    CHECK_MESSAGE(store.error().message.find(words) != std::string::npos, store.error().message);
    CHECK(store.error().message.find(directory.path()) != std::string::npos);
}

void write_file(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("what was committed is what a restarted process recovers") {
    const TempDirectory directory;
    StoreHistory history(1);
    for (int start = 0; start < 4; ++start) {
        const auto store = open_in(directory);
        const auto recovered = store->recover();
        REQUIRE(recovered);
        CHECK(support::rows_of(*recovered) == history.expected());
        CHECK(recovered->counters == history.counters());
        CHECK(recovered->install_id == options_in(directory).install_id);
        for (int commit = 0; commit < 25; ++commit) {
            const Batch batch = history.batch(20);
            REQUIRE(store->commit(batch, 1));
            history.committed(batch);
            store->maintain(batch.at);
        }
    }
}

TEST_CASE("a failed commit leaves nothing behind, and the next one works") {
    const TempDirectory directory;
    const auto store = open_in(directory);
    StoreHistory history(2);
    const Batch first = history.batch(5);
    REQUIRE(store->commit(first, 1));
    history.committed(first);
    Batch twice = history.batch(5);
    twice.verdicts.push_back(twice.verdicts.front());  // the same key again: the last write fails
    CHECK_FALSE(store->commit(twice, 1));
    CHECK(support::rows_of(store->recover().value()) == history.expected());
    twice.verdicts.pop_back();
    CHECK(store->commit(twice, 1));
    history.committed(twice);
    CHECK(support::rows_of(store->recover().value()) == history.expected());
}

TEST_CASE("a record that changes often in one batch is written once, as it was last") {
    const TempDirectory directory;
    const auto store = open_in(directory);
    Batch batch;
    for (const char* title : {"first", "second", "third"}) {
        core::Incident incident = support::golden_incident();
        incident.retired = false;
        incident.title = title;
        batch.changes.push_back({.before = {}, .after = incident});
    }
    REQUIRE(store->commit(batch, 1));
    const auto recovered = store->recover();
    REQUIRE(recovered);
    REQUIRE(recovered->incidents.size() == 1);
    CHECK(recovered->incidents.at(7).title == "third");
}

TEST_CASE("only its owner may read the database") {
    const TempDirectory directory;
    const auto store = open_in(directory);
    StoreHistory history(3);
    REQUIRE(store->commit(history.batch(1), 1));
    for (const char* name : {"tocsin.db", "tocsin.db-wal", "tocsin.lock", "tocsin.ballast"}) {
        CAPTURE(name);
        struct stat info {};
        REQUIRE(::stat(directory.file(name).c_str(), &info) == 0);
        CHECK((info.st_mode & 0777U) == 0600U);
    }
}

TEST_CASE("the log is checkpointed between batches, so that it stays short") {
    const TempDirectory directory;
    const auto store = open_in(directory);
    StoreHistory history(4);
    for (int commit = 0; commit < 150; ++commit) {
        const Batch batch = history.batch(10);
        REQUIRE(store->commit(batch, 1));
        store->maintain(batch.at);
    }
    CHECK(std::filesystem::file_size(directory.file("tocsin.db-wal")) < 2'000'000);
    CHECK(std::filesystem::file_size(directory.file("tocsin.db")) > 200'000);
}

TEST_CASE("what is past its retention goes, a bounded number of rows at a time") {
    const TempDirectory directory;
    SqliteOptions options = options_in(directory);
    options.retention = {.journal = hours(1), .verdicts = hours(2)};
    auto store = open_sqlite(options);
    REQUIRE(store);
    Batch batch;
    const Instant start = support::at_second(0);
    for (std::uint64_t id = 1; id <= 1'500; ++id) {
        core::Verdict verdict = support::golden_verdict();
        verdict.id = id;
        verdict.at = start;
        batch.verdicts.push_back(verdict);
        batch.journal.push_back({start, "alerts", "am", "body"});
    }
    REQUIRE((*store)->commit(batch, 1));
    const auto left = [&](const char* table) {
        return sql(directory, std::string("SELECT count(*) FROM ") + table);
    };
    (*store)->maintain(start + minutes(59));
    CHECK(left("journal") == "1500");
    (*store)->maintain(start + minutes(61));
    CHECK(left("journal") == "500");
    CHECK(left("verdicts") == "1500");
    (*store)->maintain(start + minutes(62));
    CHECK_MESSAGE(left("journal") == "1", "the newest stays, so that numbers never repeat");
    (*store)->maintain(start + minutes(180));
    CHECK(left("verdicts") == "500");
}

TEST_CASE("a second process is told who has the data directory") {
    const TempDirectory directory;
    const auto store = open_in(directory);
    expect_refusal(directory, "locked", "process " + std::to_string(::getpid()));
}

TEST_CASE("the lock ends with the store") {
    const TempDirectory directory;
    open_in(directory).reset();
    CHECK(open_in(directory) != nullptr);
}

TEST_CASE("a database of another program is refused and left as it is") {
    const TempDirectory directory;
    sql(directory, "CREATE TABLE theirs(x)");
    const std::string before = support::read_file(directory.file(database_file));
    expect_refusal(directory, "foreign", "database of another program");
    CHECK(support::read_file(directory.file(database_file)) == before);
}

TEST_CASE("a database of a later tocsin is refused") {
    const TempDirectory directory;
    open_in(directory).reset();
    sql(directory, "PRAGMA user_version=99");
    expect_refusal(directory, "newer", "schema 99");
    CHECK_FALSE(open_sqlite_reader(directory.path()));
}

TEST_CASE("a file that is no database, or a damaged one, is refused as corrupt") {
    SUBCASE("text") {
        const TempDirectory directory;
        write_file(directory.file(database_file), std::string(5'000, 'x'));
        expect_refusal(directory, "corrupt", "restore a backup");
    }
    SUBCASE("pages overwritten") {
        const TempDirectory directory;
        {
            const auto store = open_in(directory);
            StoreHistory history(5);
            for (int i = 0; i < 20; ++i) REQUIRE(store->commit(history.batch(20), 1));
        }
        std::string text = support::read_file(directory.file(database_file));
        REQUIRE(text.size() > 65'536);
        for (std::size_t at = 4'096; at < text.size(); at += 512) text.replace(at, 64, 64, '\xAA');
        write_file(directory.file(database_file), text);
        expect_refusal(directory, "corrupt", "is damaged");
    }
    SUBCASE("a row") {
        const TempDirectory directory;
        open_in(directory).reset();
        sql(directory, "INSERT INTO signals VALUES(3, x'01FF')");
        const auto recovered = open_in(directory)->recover();
        REQUIRE_FALSE(recovered);
        CHECK(recovered.error().code == "corrupt");
        CHECK(recovered.error().message.find("row 3") != std::string::npos);
    }
}

TEST_CASE("an older schema moves forward in one transaction, after a copy of the file") {
    using sqlite::Connection;
    const TempDirectory directory;
    open_in(directory).reset();
    auto connection = Connection::open(directory.file(database_file), Connection::Access::write);
    REQUIRE(connection);
    const std::span<const char* const> known = sqlite::migrations();
    const auto version = static_cast<long>(known.size());
    const auto with = [&](const char* step) {
        std::vector<const char*> steps(known.begin(), known.end());
        steps.push_back(step);
        return steps;
    };
    SUBCASE("a good migration") {
        const auto steps = with("CREATE TABLE added(x); INSERT INTO added VALUES(1)");
        REQUIRE(sqlite::migrate(**connection, version, "", steps));
        CHECK(sql(directory, "SELECT x FROM added") == "1");
        CHECK(sql(directory, "PRAGMA user_version") == std::to_string(version + 1));
        const std::string copy = "tocsin.db.v" + std::to_string(version);
        CHECK(std::filesystem::file_size(directory.file(copy)) > 4'096);
    }
    SUBCASE("one that fails half-way changes nothing") {
        const auto steps = with("CREATE TABLE added(x); INSERT INTO absent VALUES(1)");
        CHECK_FALSE(sqlite::migrate(**connection, version, "", steps));
        CHECK(sql(directory, "SELECT count(*) FROM sqlite_schema WHERE name='added'") == "0");
        CHECK(sql(directory, "PRAGMA user_version") == std::to_string(version));
    }
}
