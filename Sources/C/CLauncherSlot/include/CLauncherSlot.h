// The slot in a launcher's data that bundling fills with what it launches; see Layout.md, "The launcher".
#ifndef ESKY_CLAUNCHERSLOT_H
#define ESKY_CLAUNCHERSLOT_H

#define ESKY_SLOT_LENGTH 384

// A marker of 32 bytes, then the app's name and the program's path in the app folder, each ended by a NUL.
const char *esky_launcher_app(void);
const char *esky_launcher_program(void);

#endif
