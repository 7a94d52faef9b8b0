#pragma once
// Browser: a real headless Chromium, told what to do over the DevTools protocol (by its pipe).

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "integrations/json.hpp"
#include "support/process.hpp"

namespace tocsin::support {

/// The program, in $PATH; nothing if it is not installed.
[[nodiscard]] std::optional<std::string> browser_program();

class Browser {
public:
    /// Starts with a profile of its own in `folder`, where its log goes, too. It reaches nothing
    /// but what it is told to open: no update, no sync, no background request.
    Browser(const std::string& program, const std::filesystem::path& folder);
    ~Browser();
    Browser(const Browser&) = delete;
    Browser& operator=(const Browser&) = delete;

    /// False: it never answered, or has stopped answering.
    [[nodiscard]] bool ready() const { return !session_.empty(); }

    void set_size(int width, int height, bool phone, bool dark = false);
    /// Both wait until the new page has been loaded; false if that does not happen.
    bool open(const std::string& url);
    bool act(const std::string& script);
    /// The script's value (JSON); evaluated whatever the page's policy says.
    integrations::Json value(const std::string& script);
    /// As PNG: the whole page, or what the screen shows of it.
    bool screenshot(const std::filesystem::path& file, bool whole_page);
    /// What the console was told since the last call: refused by policy, thrown, logged.
    std::vector<std::string> complaints();

private:
    integrations::Json call(const std::string& method, integrations::Json parameters);
    bool write(const std::string& message);
    std::optional<integrations::Json> read_message();
    void note(const integrations::Json& event);
    bool wait_for_load();

    int to_browser_ = -1;
    int from_browser_ = -1;
    pid_t process_ = 0;
    std::string session_;
    std::string buffer_;
    int last_id_ = 0;
    bool loaded_ = false;
    std::vector<std::string> complaints_;
};

}  // namespace tocsin::support
