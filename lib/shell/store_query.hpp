#pragma once
// List requests over encoded rows, offered newest first: filters and bounds, for every reader.

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "shell/store.hpp"

namespace tocsin::shell {

/// The exclusive upper end of the ids that a list may show (row ids are signed in SQLite).
[[nodiscard]] inline std::uint64_t before_or_end(const std::optional<std::uint64_t>& before) {
    constexpr std::uint64_t end = std::numeric_limits<std::int64_t>::max();
    return before && *before < end ? *before : end;
}

/// The lists are full at their limit and after limits::rows_scanned_max rows; a caller that wants
/// more asks again with `before`.
class IncidentList {
public:
    explicit IncidentList(const IncidentQuery& query) : query_(query) {}
    Status offer(std::string_view row);
    [[nodiscard]] bool full() const;
    std::vector<core::Incident> take() && { return std::move(found_); }

private:
    const IncidentQuery& query_;
    std::vector<core::Incident> found_;
    std::size_t scanned_ = 0;
};

class VerdictList {
public:
    explicit VerdictList(const VerdictQuery& query) : query_(query) {}
    Status offer(Instant at, std::string_view row);
    [[nodiscard]] bool full() const;
    std::vector<core::Verdict> take() && { return std::move(found_); }

private:
    const VerdictQuery& query_;
    std::vector<core::Verdict> found_;
    std::size_t scanned_ = 0;
    bool past_since_ = false;
};

class WindowList {
public:
    explicit WindowList(const WindowQuery& query) : query_(query) {}
    Status offer(std::string_view row);
    [[nodiscard]] bool full() const;
    std::vector<core::Window> take() && { return std::move(found_); }

private:
    const WindowQuery& query_;
    std::vector<core::Window> found_;
    std::size_t scanned_ = 0;
};

/// Counts the rows of one kind in a dossier; a copy for each kind tells the same `complete`.
class DossierFill {
public:
    DossierFill(const DossierBounds& bounds, bool& complete)
        : bounds_(bounds), complete_(complete) {}
    void count(std::size_t bytes) {
        ++rows_;
        bytes_ += bytes;
    }
    /// Also where exactly as many rows exist as may be shown: asking for one more is not worth it.
    [[nodiscard]] bool full() {
        if (rows_ < bounds_.rows_max && bytes_ < bounds_.bytes_max) return false;
        complete_ = false;
        return true;
    }

private:
    DossierBounds bounds_;
    bool& complete_;
    std::size_t rows_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace tocsin::shell
