#pragma once
// What a batch's changes mean as rows: each record once, as it was last, in key order.

#include <cstdint>
#include <vector>

#include "core/state.hpp"
#include "shell/store.hpp"

namespace tocsin::shell {

/// One row to write, or (without a record) to delete.
struct RowWrite {
    core::Table table = core::Table::signals;
    std::uint64_t id = 0;
    const core::Record* record = nullptr;  // points into the batch
};

/// Ends the process if the batch would delete what is never deleted (an incident, a delivery, a
/// timeline entry).
[[nodiscard]] std::vector<RowWrite> row_writes(const Batch& batch);

/// Number of the incident that a delivery or timeline entry belongs to, else 0.
[[nodiscard]] std::uint64_t incident_of(const core::Record& record);

}  // namespace tocsin::shell
