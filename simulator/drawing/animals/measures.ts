import { table } from './table';

/**
 * Four-legged species in numbers. What a table has `-` for the species does not have, or has as the others do.
 */

/** Centimetres and degrees, as {@link Build} explains them. */
export const MEASURES = table(`
species         shoulder  rump length depth tuck neck up down width head up down thigh knee foot tail width droop tuft width back top
bushbuck              76    82   87.4  33.4  6.1   38 55  -38  12.2   27 34   60  12.2  4.9  3.6 16.7     3    72    -     -    -   -
eland                160 163.2    205    84 12.8   78 42  -34    38   52 38   62    34   14   11   62     6    82   20     9    -   -
hartebeest           125   108  143.8    55   10   62 52  -36    22   50 50   70    20  8.1    6   36     5    78   16     8    -   -
reedbuck              78  79.6   89.7  34.3  6.2   39 55  -38  12.5   26 34   60  12.5  5.1  3.7   24     9    62    -     -    -   -
topi                 118   106  135.7  51.9  9.4   59 55  -38  18.9   46 48   70  18.9  7.7  5.7   34     5    78   14     7    -   -
waterbuck            122 124.4    150  53.7  9.8   61 55  -38  19.5   42 36   62    22   11  8.5 26.8   4.9    72    -     -    -   -
dikdik                38  38.8   43.7  16.7    3   19 55  -38   6.1   15 26   54   6.1 2.47 1.82    4     3    60    -     -    -   -
duiker                50    54   57.5    22    4   20 38  -36    11   19 36   58     8  3.2  2.4   11     2    72    -     -    -   -
steenbok              52    53   59.8  22.9  4.2   26 55  -38   8.3   18 34   60   8.3  3.4  2.5    6     4    60    -     -    -   -
gazellegrants         88  89.8  101.2  38.7    7   44 55  -38  14.1   27 34   60  14.1  5.7  4.2 19.4   3.5    72    -     -    -   -
gazellethomsons       64  65.3   73.6  28.2  5.1   32 55  -38  10.2   21 34   60  10.2  4.2  3.1   17   4.5    66    -     -    -   -
impala                90  91.8  103.5  39.6  7.2   45 55  -38  14.4   28 34   60  14.4  5.9  4.3 19.8   3.6    72    -     -    -   -
giraffe              285   245    190   105   12  215 66   10    34   66 28   42    38   17   13   75     6    82   55    14    -   -
zebra                128   130    150    62    6   72 42  -32    30   58 42   62    24   11  8.5   42     5    76   34    11    -   -
buffalo              152   144    205    92    6   62 18  -30    52   66 42   64    38   18   15   75     6    84   28    12    -   -
cattle               132   130    190    78    4   60 24  -32    36   56 40   64    32   15   12   82     5    86   22     9    -   -
wildebeest           132   116    150    66   12   55 22  -30    34   62 56   72    25   11  8.5   48     6    78   48    16    -   -
warthog               70    64    105    42    2   18  4  -30    30   46 24   46    16  8.5    7   40     3   -78   12     6    -   -
hippopotamus         146   148    275   104    0   46 -4  -22    78   92 14   30    50   38   38   34     9    80    -     -    -   -
rhinoceros           156   150    250    98    4   58  4  -26    62   76 30   48    48   30   28   50     7    78   12     7    -   -
caracal               46  45.1     69  21.2  4.6 16.6 26  -22  12.4   17 12   30    11  5.8  5.8   24     5    60    -     -    -   -
cheetah               78  76.4    118    33   13   32 36  -20    15   21 14   30    15    7  7.5   70     5    52   10     6    -   -
leopard               64  62.7     96  29.4  6.4   23 26  -22  17.3   23 14   30  15.4    8    8   66   5.5    48   10     6    -   -
lionfemale            98    96    147  45.1  9.8 35.3 26  -22  26.5   36 16   30  23.5 12.2 12.2   80     6    60   15     9    -   -
lionmale             112 109.8    172  51.5 11.2 40.3 26  -22  30.2   42 14   28  26.9   14   14   88     7    60   18    11    -   -
serval                56  54.9     74    22  5.6   24 44  -20    10   16 12   30    11    5    5   28   4.5    58    -     -    -   -
wildcat               34  33.3     51  15.6  3.4 12.2 26  -22   9.2   13 12   30   8.2  4.2  4.2   30   4.5    42    -     -    -   -
civet                 40    44     74    21    2   17  8  -22    13   18 18   34   9.6    5    5   40     7    58    8     7    -   -
genet                 20  19.6     48    11    1   11 18  -18     7   12 12   28   4.8  2.5  2.5   46     5    22    6     5    -   -
mongoose              18  17.6     38    10    1    8 20  -20     7   10 12   30   4.3 2.25 2.25   26     4    28    -     -    -   -
aardwolf              48    44     68    22    5   26 36  -24    13   19 20   40    10  4.5  4.5   26     9    62    6     8    -   -
hyenaspotted          82    66    104    42    8   42 34  -24    26   34 20   40    20   10  9.5   28     5    70   14     8    -   -
hyenastriped          74    60     98    38    7   38 32  -24    24   31 20   40    17    8    8   34    14    66    -     -    -   -
batearedfox           34  33.3   44.2    15  3.7 14.3 40  -28   8.2   15 18   40   6.8  3.1 2.89   28     9    52    7     8    -   -
jackal                42  41.2   54.6  18.5  4.6 17.6 40  -28  10.1   19 20   40   8.4  3.8  3.6   28     8    66    7     7    -   -
honeybadger           28  27.4     62    18    0   14  4  -16    15   17 14   26    10  6.5    7   18     6    -8    -     -    -   -
zorilla               13  12.7     32     9    0    7  6  -16     7    8 12   24   3.1 1.62 1.62   26     7     8    -     -    -   -
baboon                66    54     76    32    6   20 28  -24    22   27 20   40    19  9.5    9    4     5     0    -     -   30   0
monkeyvervet          34    34     46    16    2   10 32  -20     9   13 16   34     9  4.5  4.5    2     3     0    -     -   32   6
aardvark              58    64    112    40    0   24  4  -22    24   38 26   40    22   13   12   58    13    46    -     -    -   -
hare                  24    29     40    17   -2    9 46  -14     9   13 20   34    11  4.5    4    6     6     0    -     -    -   -
porcupine             30    34     66    24    0   12 10  -18    15   18 18   32    11    7    7    8     8    50    -     -   30  20
rodents                9    11     19     8    0    3  8  -16     6    7 16   28  2.16 1.12 1.12   18   0.9    14    -     -    -   -
`);

export const COATS = table(`
species            back   flank   belly    legs  muzzle    dark    face    tail    tuft
bushbuck        #6e3d22 #84502e #5f3c26 #7a5133 #6b4d33 #241c16       -       -       -
eland           #b8915f #c5a172 #cfb389 #b08a5c #6b4d33 #241c16       -       - #1f1814
hartebeest      #a5713c #b98850 #d8bd93 #b58a57 #6b4d33 #241c16       -       - #1b1613
reedbuck        #a58558 #b6986b #ece5d6 #b59a70 #6b4d33 #241c16       - #d8ccb4       -
topi            #7a3f20 #8a4a27 #8e5a38 #a8713d #1f1714 #241c16       -       - #1b1613
waterbuck       #6a5746 #7b6855 #8c7a66 #4c3e32 #3a3029 #241c16       -       -       -
dikdik          #8d7a61 #a08a6c #e3dac9 #b08a5b #6b4d33 #241c16       -       -       -
duiker          #8b7654 #9c8663 #d9cfbb #6f5a40 #6b4d33 #241c16       -       -       -
steenbok        #b0683a #c07a49 #f1e9db #c48753 #6b4d33 #241c16       -       -       -
gazellegrants   #b98a58 #c89b69 #f3ede1 #d3b184 #6b4d33 #241c16       -       -       -
gazellethomsons #b07a42 #c18a4e #f4efe4 #cda775 #6b4d33 #241c16       - #1d1815       -
impala          #9a5a2e #b67944 #f0e6d6 #bd8854 #6b4d33 #241c16       -       -       -
giraffe         #e3c896 #ead4a8 #efe0c0 #eadbb9 #b08d66 #40352a #c8a97c       - #241b14
zebra           #e9e4da #efeae1 #f4f0e8 #e8e3d8 #2a2522 #1d1a18 #ece7dd #d8d2c6 #1d1a18
buffalo         #37302b #463d37 #3a332e #352e2a #1f1a17 #151210       -       - #191614
cattle          #e5ded1 #ebe5da #e3dbcd #e0d8ca #c9a896 #3a2e25 #e6dfd2       - #3c2a1e
wildebeest      #5d544d #6f665e #5a5049 #75624f #1f1a18 #1b1715 #38312d       - #1b1715
warthog         #4f4238 #75655a #7d6c60 #67584d #5d4d44 #241e1a       -       - #2a221d
hippopotamus    #5c4f4d #75625e #a07f76 #6d5a55 #86706a #2a2321       -       -       -
rhinoceros      #6c665f #7d766e #6a635c #6d665f #655e57 #2a2622       -       - #2a2523
caracal         #a5623a #b97547 #e6d6b6 #bd7f52 #d9c19a #2a1f17       -       -       -
cheetah         #c49a58 #d6b274 #e6d6b6 #cdab76 #d9c19a #2a1f17       -       - #221913
leopard         #b98b4b #cfa765 #e6d6b6 #cdab76 #d9c19a #2a1f17       -       - #2a1f17
lionfemale      #ab7f48 #bd935a #dcc7a0 #c49c64 #d9c19a #2a1f17       -       - #3a2a1c
lionmale        #a3763f #b68850 #dcc7a0 #c49c64 #d9c19a #2a1f17       -       - #2c1f15
serval          #c18f4a #d3a861 #e6d6b6 #cdab76 #d9c19a #2a1f17       -       -       -
wildcat         #83745d #998a70 #c6b99e #94846a #d9c19a #2a1f17       -       -       -
civet           #504a43 #857b6e #5a5249 #2f2a26 #d6cdbe #2a1f17       -       - #221d19
genet           #8c7d68 #a3947c #c4b69c #8c7c66 #d9c19a #2a1f17       -       - #2a211a
mongoose        #6a5a48 #7f6d57 #8c7a62 #57493a #8a6a4c #2a1f17       -       -       -
aardwolf        #b3935f #c9ab78 #d3ba8d #a98a5c #3a2f28 #1e1814       -       - #2a241f
hyenaspotted    #8f7552 #a98e68 #9b8260 #8d7658 #3d3028 #1e1814       -       - #2a211b
hyenastriped    #8b8070 #a69a87 #968a77 #9a8e7b #2b2420 #1e1814       - #6d6253       -
batearedfox     #7b7163 #948a79 #b8ab94 #29231f #3a322b #2a1f17       -       - #1d1815
jackal          #4a443d #b08a57 #e0d0b2 #b98f5b #a3784a #2a1f17       -       - #221c18
honeybadger     #211d1a #262220 #1d1917 #1d1917 #2e2723 #0f0d0c       -       -       -
zorilla         #211d1a #262220 #1d1917 #1d1917 #2e2723 #0f0d0c       - #c6c0b7       -
baboon          #6b5f45 #7f7254 #8c8064 #6d614a #35302b #1f1b18       -       -       -
monkeyvervet    #8d8a7a #a09d8d #e3dfd3 #77746a #1d1a19 #151312       -       -       -
aardvark        #8d7b69 #a18e7a #95826f #6b5b4d #b39c8b #2a2420       -       -       -
hare            #85735a #9a876b #e2d9c8 #947f62 #a8957a #1f1a16       - #e8e2d6       -
porcupine       #211d1b #2c2725 #2a2523 #211d1b #4a423d #100e0d       -       -       -
rodents         #6c5a45 #806c54 #b5a78e #8a755c #8c7660 #201b15       -       -       -
`);

/** Measures of faces and ears as {@link Face} explains them. */
export const FACES = table(`
species                 face depth muzzle  ear width angle     x     y  inside
bushbuck                long     1      1 0.55  0.28   130  0.04 -0.15       -
eland                   long     1      1 0.42  0.21   145  0.04 -0.15       -
hartebeest              long  0.75   0.75 0.34  0.17   150  0.04 -0.15       -
reedbuck                long     1      1 0.55  0.28   128  0.04 -0.15       -
topi                    long  0.78    0.8 0.34  0.17   150  0.04 -0.15       -
waterbuck               long     1      1  0.4   0.2   140  0.04 -0.15 #eee7da
dikdik                  long   1.1    0.7  0.6   0.3   125  0.04 -0.15 #ddd2c0
duiker                  long     1      1  0.5  0.25   130  0.04 -0.15       -
steenbok                long     1      1 0.75  0.38   122  0.04 -0.15 #e9ddcb
gazellegrants           long     1      1 0.45  0.23   130  0.04 -0.15       -
gazellethomsons         long     1      1  0.5  0.25   128  0.04 -0.15       -
impala                  long     1      1 0.52  0.26   120  0.04 -0.15 #e8dcc8
giraffe                 long  0.95   0.95  0.3  0.15   160  0.04 -0.15       -
zebra                   long  1.05      1  0.3  0.15   105  0.04 -0.15 #3a332e
buffalo                 long   1.2   1.45 0.42   0.2   215 -0.02  0.04       -
cattle                  long  1.05    1.3  0.4  0.18   190  0.02 -0.02       -
wildebeest              long  0.85    1.2 0.28  0.12   190  0.02 -0.06       -
warthog              warthog     1      1 0.26  0.18   118     0 -0.24       -
hippopotamus    hippopotamus     1      1 0.16  0.12   110  0.06 -0.33       -
rhinoceros        rhinoceros     1      1  0.3  0.16   105     0 -0.24       -
caracal                round     1      1 0.72   0.3   104  0.02 -0.26 #1d1512
cheetah                round     1      1 0.24  0.23   118  0.02 -0.24       -
leopard                round     1      1 0.26  0.25   118  0.02 -0.24       -
lionfemale             round     1      1  0.3  0.28   118  0.02 -0.24       -
lionmale               round     1      1 0.26  0.25   118  0.02 -0.24       -
serval                 round     1      1 0.68  0.46    98  0.04 -0.26       -
wildcat                round     1      1 0.36   0.2   105  0.06  -0.2       -
civet                pointed     1      1  0.2  0.19   118  0.02 -0.24       -
genet                pointed   0.9      1  0.4  0.22   105  0.06  -0.2       -
mongoose             pointed   0.9      1 0.18  0.17   118  0.02 -0.24       -
aardwolf             pointed  0.85      1  0.5  0.28   105  0.06  -0.2       -
hyenaspotted         pointed   1.1      1 0.28  0.27   118  0.02 -0.24       -
hyenastriped         pointed     1      1 0.46  0.25   105  0.06  -0.2       -
batearedfox          pointed  0.85      1 0.85  0.55    98  0.06 -0.18 #221c18
jackal               pointed  0.85      1  0.5  0.28   105  0.06  -0.2       -
honeybadger          pointed     1      1 0.08  0.08   118  0.02 -0.24       -
zorilla              pointed     1      1 0.12  0.11   118  0.02 -0.24       -
baboon               pointed   1.1      1 0.18   0.2   150     0 -0.06       -
monkeyvervet         pointed   1.3      1  0.2   0.2   150     0 -0.02       -
aardvark                long  0.72    0.6 0.56   0.2   118  0.04 -0.15       -
hare                 pointed   1.2      1 1.15  0.32   112  0.04 -0.18 #b59a86
porcupine            pointed  1.25      1 0.14  0.16   140  0.02 -0.08       -
rodents              pointed   1.1      1 0.34  0.32   118  0.02 -0.24       -
`);

/** Shape, length and width in lengths of the head, colours of the near and of the far one. */
export const HORNS = table(`
species           horns length width    near     far
bushbuck        twisted   0.95  0.12 #2b2520 #1a1613
eland           twisted    1.2  0.12 #4a3c30 #332a22
hartebeest      bracket    0.5   0.1 #2b2520 #1a1613
reedbuck         sickle    0.9  0.11 #2b2520 #1a1613
topi               lyre   0.75   0.1 #2b2520 #1a1613
waterbuck        sickle    1.5  0.12 #2b2520 #1a1613
dikdik           spikes   0.45   0.1 #2b2520       -
duiker           spikes    0.5   0.1 #2b2520       -
steenbok         spikes    0.7  0.09 #2b2520       -
gazellegrants      lyre      2  0.12 #2b2520 #1a1613
gazellethomsons  spikes   1.25  0.11 #2b2520 #1a1613
impala             lyre   1.75   0.1 #2b2520 #1a1613
buffalo            boss      1  0.26 #8d8375 #6d6459
cattle              bow    0.5   0.1 #c9bda6 #a79c88
wildebeest          bow   0.34  0.11 #2b2520 #191512
`);
