// Counts refusals by sender, bounded, and says when they amount to lost alerts.
#include "shell/sender_watch.hpp"

#include <algorithm>

#include "core/limits.hpp"

namespace tocsin::shell {

std::optional<core::SenderRejected> SenderWatch::refused(int status, const std::string& sender,
                                                         const std::string& reason, Instant now) {
    if (!senders_.contains(sender) && senders_.size() >= core::limits::senders_watched_max) {
        const auto oldest = std::min_element(
            senders_.begin(), senders_.end(),
            [](const auto& a, const auto& b) { return a.second.since < b.second.since; });
        senders_.erase(oldest);
    }
    auto& entry = senders_[sender];
    if (entry.rejections == 0 || now - entry.since > core::limits::rejections_window) {
        entry.rejections = 0;
        entry.since = now;
    }
    ++entry.rejections;
    const bool oversize = status == 413;
    if (!oversize && entry.rejections < core::limits::rejections_max) return std::nullopt;
    auto& reported = oversize ? entry.oversize_reported : entry.rejected_reported;
    if (reported && now - *reported <= core::limits::rejections_window) return std::nullopt;
    reported = now;
    return core::SenderRejected{
        .what = oversize ? "oversize" : "rejected", .sender = sender, .detail = reason};
}

void SenderWatch::accepted(const std::string& sender) {
    if (!senders_.empty()) senders_.erase(sender);
}

}  // namespace tocsin::shell
