#pragma once
// SenderWatch: notices senders whose alerts we keep refusing, because they lose them in silence.

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "core/event.hpp"

namespace tocsin::shell {

/// Used as tasks of the engine's Runtime. Remembers at most limits::senders_watched_max senders.
class SenderWatch {
public:
    /// A 413 counts at once ("oversize"); a 400 after limits::rejections_max from the same sender
    /// within limits::rejections_window ("rejected"). At most one event per sender and window.
    [[nodiscard]] std::optional<core::SenderRejected> refused(int status, const std::string& sender,
                                                              const std::string& reason,
                                                              Instant now);
    /// A good request ends the count.
    void accepted(const std::string& sender);

private:
    struct Sender {
        std::size_t rejections = 0;
        Instant since;
        std::optional<Instant> oversize_reported;
        std::optional<Instant> rejected_reported;
    };
    std::map<std::string, Sender> senders_;
};

}  // namespace tocsin::shell
