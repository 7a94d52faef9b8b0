#pragma once
// Heartbeat: notices sources that have fallen silent, by their answers and by a dead man's switch.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "shell/report.hpp"
#include "shell/runtime.hpp"

namespace tocsin::shell {

/// What is expected of one source; a source may owe both.
struct WatchedSource {
    std::string name;
    std::optional<Duration> silent_after;  // some poll must succeed within this
    std::string expect_alert;              // `expect:`, this alert must be seen firing …
    Duration expect_within = minutes(5);   // … within this
    bool operator==(const WatchedSource&) const = default;
};

struct SourceStatus {
    std::string source;
    bool silent = false;
    std::optional<Instant> last_heard;  // of what it owes, the one longest ago
};

/// Reports edges only: one SourceSilent when the first thing that a source owes is overdue, one
/// SourceBack when it owes nothing again. Its memory is not stored: after a start the first thing
/// it learns of a source is reported either way (the engine ignores an edge it already knows), and
/// before a source is silent it has one whole period. All members are called from Runtime tasks.
class Heartbeat {
public:
    Heartbeat(Runtime& runtime, Report report);

    /// Start and reload. A source whose row is unchanged keeps its clocks; one that is gone, or is
    /// no longer watched, is reported back if it was silent.
    void load(std::vector<WatchedSource> sources);

    /// Intake's word on every pushed alert, the poller's on every listed one. Cheap for alerts that
    /// nobody expects. A resolved one proves nothing.
    void alert_seen(std::string_view source, std::string_view alertname, bool firing);

    /// The poller's word on its requests; `detail` is for people.
    void answered(std::string_view source);
    void not_answered(std::string_view source, std::string detail);

    [[nodiscard]] std::vector<SourceStatus> statuses() const;  // by name

private:
    class Ward;
    std::shared_ptr<Ward> ward_;
};

}  // namespace tocsin::shell
