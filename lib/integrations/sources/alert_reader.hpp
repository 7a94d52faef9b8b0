#pragma once
// Alert reader: the three bodies in which alerts come, read in one pass into packed labels.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "core/event.hpp"
#include "integrations/sources/alertmanager.hpp"

namespace tocsin::integrations {

enum class AlertShape : std::uint8_t {
    webhook,  // an object with `alerts`
    list,     // the list itself
};

/// An alert as it stands in the body; what it means is the caller's to say.
struct ReadAlert {
    enum class Status : std::uint8_t { absent, firing, resolved };
    std::size_t position = 0;  // in the list, from 1
    core::AlertSeen seen;      // labels, annotations, starts_at, ends_at (the year 1 is "none")
    Status status = Status::absent;
    std::string state;  // `status.state` of a listed alert
    std::vector<std::string> receivers;
    std::string bad_label;  // the first label name that Prometheus' data model has not; else empty
    std::string bad_time;   // the first unreadable `startsAt` or `endsAt`; else empty
};

struct AlertsRead {
    std::vector<ReadAlert> alerts;
    std::vector<std::size_t> not_objects;  // positions; bounded by limits::complaints_max
    std::uint64_t truncated_alerts = 0;
    std::string receiver, version, external_url, group_key;
    Cut cut;
};

/// Errors have code `bad_json`, `too_large`, `too_deep` or `bad_body`, and a sentence.
[[nodiscard]] Result<AlertsRead> read_alerts(std::string_view body, AlertShape shape,
                                             std::size_t bytes_max);

}  // namespace tocsin::integrations
