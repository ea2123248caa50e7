extension Rule {
    static let hdf5External = Rule(
        id: "hdf5-external",
        title: "HDF5 file points to other files",
        severity: .high,
        why:
            "Reading the dataset or the group opens the file that it names, anywhere on the machine.",
        fix: "Do not load the file.",
        references: ["https://docs.hdfgroup.org/hdf5/v1_14/group___h5_l.html"])
}
