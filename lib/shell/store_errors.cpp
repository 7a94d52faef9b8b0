// The errors of a store on disk, in sentences.

#include "shell/store_errors.hpp"

#include <cerrno>
#include <system_error>

namespace tocsin::shell::store_errors {

Error disk_full(const std::string& path, const std::string& detail) {
    return {"disk_full",
            path + ": no space left (" + detail + "); free some, tocsin goes on by itself"};
}

Error read_only(const std::string& path, const std::string& detail) {
    return {"read_only", path + " cannot be written (" + detail +
                             "); make it and its directory writable for the user of tocsin"};
}

Error corrupt(const std::string& path, const std::string& detail) {
    return {"corrupt", path + " is damaged (" + detail +
                           "); stop tocsin, keep a copy of the file, then restore a backup or use "
                           "`sqlite3 " +
                           path +
                           " .recover`. Moving the file away starts an empty "
                           "database that knows none of the open incidents"};
}

Error foreign(const std::string& path) {
    return {"foreign", path +
                           " is a database of another program; set data_dir to a directory of "
                           "tocsin's own, or move the file away"};
}

Error newer(const std::string& path, long version, long version_known) {
    return {"newer", path + " has schema " + std::to_string(version) +
                         " and was written by a later tocsin; this one knows schemas up to " +
                         std::to_string(version_known) +
                         ". Use the later tocsin, or go back to a "
                         "copy made before the upgrade (" +
                         path + ".v*)"};
}

Error locked(const std::string& path, const std::string& holder) {
    return {"locked", path + " is held by " + holder +
                          "; one data directory serves one tocsin. Stop the other one, or set "
                          "another data_dir"};
}

Error io(const std::string& path, const std::string& detail) {
    return {"io", path + ": " + detail + "; look at the disk and the system log"};
}

Error from_errno(const std::string& path, int error_number) {
    const std::string detail = std::generic_category().message(error_number);
    switch (error_number) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return disk_full(path, detail);
        case EROFS:
        case EACCES:
        case EPERM:
            return read_only(path, detail);
        default:
            return io(path, detail);
    }
}

}  // namespace tocsin::shell::store_errors
