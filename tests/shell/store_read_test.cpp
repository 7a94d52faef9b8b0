// The reading side, on disk and in memory alike: filters, order and bounds.

#include <doctest/doctest.h>

#include "core/limits.hpp"
#include "shell/store_memory.hpp"
#include "shell/store_sqlite.hpp"
#include "support/golden_records.hpp"
#include "support/temp_directory.hpp"

using namespace tocsin;
using namespace tocsin::shell;

namespace {

/// Odd ones are called so and over, an hour after the other: 1, 3, 5.
core::Window window(std::uint64_t id) {
    core::Window window{.id = id,
                        .name = id % 2 == 0 ? "even" : "odd",
                        .from = support::at_second(0),
                        .to = support::at_second(static_cast<std::int64_t>(id) * 3'600),
                        .match = Labels{{"region", "us"}},
                        .rules = {"disk-full"}};
    if (id % 2 == 1) {
        window.state = core::WindowState::over;
        window.ended_at = window.to;
        window.settled = true;
        window.suppressed_signals = {"disk-full{}"};
    }
    return window;
}

/// 1,200 verdicts and 30 incidents; INC-7 has timeline and deliveries past the dossier's bound.
Batch sample() {
    Batch batch;
    for (std::uint64_t id = 1; id <= 1'200; ++id) {
        core::Verdict verdict = support::golden_verdict();
        verdict.id = id;
        verdict.at = support::at_second(static_cast<std::int64_t>(id));
        verdict.rule = id % 2 == 0 ? "even" : "odd";
        verdict.outcome = id % 3 == 0 ? core::Outcome::watch : core::Outcome::clear;
        verdict.incident = id % 5 == 0 ? 7 : 0;
        batch.verdicts.push_back(verdict);
        core::TimelineEntry entry = support::golden_timeline_entry();
        entry.id = id;
        batch.changes.push_back({.before = {}, .after = entry});
    }
    for (std::uint64_t number = 1; number <= 30; ++number) {
        core::Incident incident = support::golden_incident();
        incident.number = number;
        incident.retired = number <= 10;
        incident.state = number <= 20 ? core::IncidentState::closed : core::IncidentState::active;
        batch.changes.push_back({.before = {}, .after = incident});
    }
    batch.changes.push_back({.before = {}, .after = support::golden_delivery()});
    for (std::uint64_t id = 1; id <= 6; ++id) batch.changes.push_back({{}, window(id)});
    return batch;
}

void check_reads(ReadStore& reader) {
    const auto incidents = reader.incidents({.state = {}, .before = {}, .limit = 5}).value();
    REQUIRE(incidents.size() == 5);
    CHECK(incidents.front().number == 30);
    const IncidentQuery closed{.state = core::IncidentState::closed, .before = 12, .limit = 3};
    CHECK(reader.incidents(closed).value().front().number == 11);
    const IncidentQuery active{.state = core::IncidentState::active, .before = {}, .limit = 100};
    CHECK(reader.incidents(active).value().size() == 10);

    VerdictQuery query{.limit = 5'000};
    CHECK(reader.verdicts(query).value().size() == core::limits::list_limit_max);
    query.rule = "even";
    query.outcome = core::Outcome::watch;
    CHECK(reader.verdicts(query).value().size() == 200);
    query.before = 1'200;
    CHECK(reader.verdicts(query).value().front().id == 1'194);
    query.since = support::at_second(1'190);
    CHECK(reader.verdicts(query).value().size() == 1);
    CHECK(reader.verdicts({.incident = 7, .limit = 1'000}).value().size() == 240);

    CHECK_FALSE(reader.incident(31).value().has_value());
    const auto dossier = reader.incident(7).value();
    REQUIRE(dossier);
    CHECK(dossier->incident.number == 7);
    REQUIRE(dossier->timeline.size() == core::limits::dossier_rows_max);
    CHECK(dossier->timeline.front().id == 201);
    CHECK(dossier->timeline.back().id == 1'200);
    CHECK(dossier->verdicts.front().id == 5);
    CHECK(dossier->deliveries == std::vector{support::golden_delivery()});
}

void check_windows(ReadStore& reader) {
    CHECK(reader.windows({.limit = 2}).value() == std::vector{window(6), window(5)});
    CHECK(reader.windows({.name = "odd", .limit = 1}).value() == std::vector{window(5)});
    CHECK(reader.windows({.id = 3}).value() == std::vector{window(3)});
    const WindowQuery over{.state = core::WindowState::over};
    CHECK(reader.windows(over).value() == std::vector{window(5), window(3), window(1)});
    const WindowQuery recent{.over_since = support::at_second(3 * 3'600)};
    const auto shown = reader.windows(recent).value();
    REQUIRE(shown.size() == 5);
    CHECK(shown.back() == window(2));
}

/// What is planned or active comes back after a restart; what is over stays in its table.
void check_recovered(Store& store) {
    const auto state = store.recover();
    REQUIRE(state);
    CHECK(state->windows.size() == 3);
    CHECK(state->windows.at(4) == window(4));
}

}  // namespace

TEST_CASE("lists are newest first, filtered and bounded: on disk") {
    const support::TempDirectory directory;
    const auto store = open_sqlite({.data_dir = directory.path(), .install_id = "id"});
    REQUIRE(store);
    const auto reader = open_sqlite_reader(directory.path());
    REQUIRE(reader);
    REQUIRE((*store)->commit(sample(), 1));
    check_reads(**reader);
    check_windows(**reader);
    check_recovered(**store);
}

TEST_CASE("lists are newest first, filtered and bounded: in memory") {
    auto disk = std::make_shared<MemoryDisk>();
    disk->install_id = "id";
    const auto store = open_memory(disk);
    REQUIRE(store->commit(sample(), 1));
    check_reads(*open_memory_reader(disk));
    check_windows(*open_memory_reader(disk));
    check_recovered(*store);
}
