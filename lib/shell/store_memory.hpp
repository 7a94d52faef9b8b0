#pragma once
// The store in memory: the same encoded rows and the same meaning, for simulations and tests.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shell/store.hpp"

namespace tocsin::shell {

/// What survives a simulated crash: the rows. A value; copy it to look at a moment later on.
struct MemoryDisk {
    struct Row {
        std::uint64_t incident = 0;  // deliveries, timeline, verdicts
        bool open = false;           // incidents, deliveries: needed after a restart
        Instant at;                  // verdicts, journal
        std::string body;
        bool operator==(const Row&) const = default;
    };
    using Rows = std::map<std::uint64_t, Row>;
    std::map<core::Table, Rows> tables;
    Rows verdicts;
    std::map<std::uint64_t, JournalRow> journal;
    std::map<std::string, std::string> documents;
    std::string counters;
    std::string install_id;
    std::uint64_t commits = 0;  // so far
};

/// Both share the disk; a second store over the same disk is a restarted process.
std::unique_ptr<Store> open_memory(std::shared_ptr<MemoryDisk> disk, Retention retention = {});
std::unique_ptr<ReadStore> open_memory_reader(std::shared_ptr<const MemoryDisk> disk);

}  // namespace tocsin::shell
